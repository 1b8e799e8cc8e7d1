using System.Text.Json;
using System.Text.Unicode;

namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>What a body of inputs holds, found with all of it at hand.</summary>
internal sealed record BodyOracle(IReadOnlyList<byte[]> Inputs, IReadOnlyDictionary<string, byte[]> Options)
{
    /// <summary>Null when the body is not one of the forms; <paramref name="malformed"/> when it is no JSON.</summary>
    public static BodyOracle? Read(byte[] body, string arrayKey, out JsonException? malformed)
    {
        malformed = null;
        if (body is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..])
            return null;
        if (body is [0xEF, 0xBB, 0xBF, .. var text])
            body = text;
        List<Range> values = [];
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
                values.Add(Value(ref reader));
        }
        catch (JsonException exception)
        {
            malformed = exception;
            return null;
        }

        var isOne = values.Count == 1;
        var oracle = values switch
        {
            [] => null,
            [var first, ..] when body[first][0] == '[' => isOne ? new BodyOracle(Elements(body[first]), NoOptions) : null,
            [var first, ..] when Wrapped(body[first], arrayKey) is { } wrapped => isOne ? wrapped : null,
            _ => new BodyOracle([.. values.Select(value => body[value])], NoOptions),
        };
        return oracle is { HasNames: true } && oracle.Inputs.All(input => Utf8.IsValid(input)) ? oracle : null;
    }

    /// <summary>Whether the name of every option is a text.</summary>
    private bool HasNames { get; init; } = true;

    private static Dictionary<string, byte[]> NoOptions => [];

    /// <summary>The array's elements and the other members; null when there is no array of that name.</summary>
    private static BodyOracle? Wrapped(byte[] value, string arrayKey)
    {
        if (value[0] != '{')
            return null;
        List<byte[]>? inputs = null;
        Dictionary<string, byte[]> options = [];
        var hasNames = true;
        var reader = new Utf8JsonReader(value);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            reader.Read();
            var member = value[Value(ref reader)];
            if (name == arrayKey && member[0] == '[')
                (inputs ??= []).AddRange(Elements(member));
            else
                options[name ?? ""] = member;
            hasNames &= name is not null;
        }

        return inputs is null ? null : new BodyOracle(inputs, options) { HasNames = hasNames };
    }

    private static List<byte[]> Elements(byte[] array)
    {
        List<byte[]> elements = [];
        var reader = new Utf8JsonReader(array);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            elements.Add(array[Value(ref reader)]);
        return elements;
    }

    private static Range Value(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }

    private static string? Name(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
