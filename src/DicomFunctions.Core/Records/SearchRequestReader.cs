using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>Reads and validates the request dict of Beam's <c>DicomSearch</c>.</summary>
internal static class SearchRequestReader
{
    /// <summary>Reads one request.</summary>
    /// <param name="json">One well-formed JSON value.</param>
    /// <param name="request">The search; null if the request is invalid.</param>
    /// <param name="problem">What is wrong, naming the key; null if the request is valid. It becomes the record's <c>status</c>.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out QidoRequest? request, [NotNullWhen(false)] out string? problem)
    {
        request = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = "A search request must be a dict (a JSON object).";
            return false;
        }

        var store = default(StoreKeysReader);
        var searchType = default(StoreKeysReader.Field);
        var parameters = default(Parameters);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Key(ref reader);
            reader.Read();
            if (key.SequenceEqual(RequestKeys.SearchType))
                searchType = StoreKeysReader.Field.Read(ref reader);
            else if (key.SequenceEqual(RequestKeys.Params))
                parameters = Parameters.Read(ref reader);
            else if (!store.TryTake(key, ref reader))
                reader.Skip();
        }

        var level = Level(searchType.Text);
        problem = store.Problem("search_type", searchType)
            ?? (level is null ? "Search type can only be \"studies\", \"instances\" or \"series\"" : null)
            ?? parameters.Problem;
        if (problem is not null)
            return false;
        request = new QidoRequest
        {
            Store = store.Store(),
            Level = level!.Value,
            Parameters = parameters.Filters ?? [],
            Limit = parameters.Limit,
            Offset = parameters.Offset ?? 0,
        };
        return true;
    }

    /// <summary>The property's name, unescaped.</summary>
    private static ReadOnlySpan<byte> Key(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetTextOrNull() ?? "") : reader.ValueSpan;

    private static QidoLevel? Level(string? text) => text switch
    {
        "studies" => QidoLevel.Studies,
        "series" => QidoLevel.Series,
        "instances" => QidoLevel.Instances,
        _ => null,
    };

    /// <summary>The <c>params</c> of a request.</summary>
    private struct Parameters
    {
        public List<KeyValuePair<string, string>>? Filters { get; private set; }

        public long? Limit { get; private set; }

        public long? Offset { get; private set; }

        public string? Problem { get; private set; }

        public static Parameters Read(ref Utf8JsonReader reader)
        {
            var parameters = default(Parameters);
            if (reader.TokenType == JsonTokenType.Null)
                return parameters;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                parameters.Problem = "params must be a dict (a JSON object).";
                return parameters;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetTextOrNull() ?? "";
                reader.Read();
                parameters.Take(name, ref reader);
            }

            return parameters;
        }

        private void Take(string name, ref Utf8JsonReader reader)
        {
            var value = Text(ref reader);
            if (value is null)
            {
                Problem ??= $"params.{Cut(name)} must be a string, a number, a boolean, or an array of these.";
            }
            else if (name.Length == 0)
            {
                Problem ??= "params has an empty key.";
            }
            else if (name is "limit" or "offset")
            {
                if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    Problem ??= $"params.{name} must be a whole number from 0.";
                else if (name == "limit")
                    Limit = number;
                else
                    Offset = number;
            }
            else
            {
                (Filters ??= []).Add(new(name, value));
            }
        }

        /// <summary>The value as it appears in a URL. The values of an array are joined with commas (PS3.18 §8.3.4.1, §8.3.4.3).</summary>
        private static string? Text(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                var text = Scalar(ref reader);
                reader.Skip();
                return text;
            }

            List<string> values = [];
            var isValid = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (Scalar(ref reader) is { } value)
                    values.Add(value);
                else
                    isValid = false;
                reader.Skip();
            }

            return isValid && values.Count > 0 ? string.Join(',', values) : null;
        }

        private static string? Scalar(ref Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetTextOrNull(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };

        private static string Cut(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");
    }
}
