using System.Globalization;

namespace DicomFunctions.Emulator.Answers;

/// <summary>
/// A media type or range with its parameters (RFC 9110 §8.3.1). A parameter's value may have characters that should be quoted but are not,
/// as in <c>type=application/dicom</c>, which many clients send.
/// </summary>
internal sealed class MediaType
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _name;

    private MediaType(string name) => _name = name;

    /// <summary>The weight of a range, 1 when it says none.</summary>
    public double Quality =>
        this["q"] is { } q && double.TryParse(q, NumberStyles.Float, CultureInfo.InvariantCulture, out var quality) ? quality : 1;

    /// <summary>Everything, or every application type.</summary>
    public bool IsAny => _name == "*/*" || Is("application/*");

    /// <summary>A parameter's value without quotes, or null.</summary>
    public string? this[string parameter] => _parameters.GetValueOrDefault(parameter);

    /// <summary>Takes one media type; null when it is none.</summary>
    public static MediaType? Parse(string? text)
    {
        var parts = Split(text ?? "", ';').ToArray();
        var slash = parts[0].IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == parts[0].Length - 1 || parts[0].Contains(' ', StringComparison.Ordinal))
        {
            return null;
        }

        var type = new MediaType(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                type._parameters[part[..equals].Trim()] = part[(equals + 1)..].Trim().Trim('"');
            }
        }

        return type;
    }

    /// <summary>Takes a list of media ranges; what is none is left out.</summary>
    public static IEnumerable<MediaType> ParseList(string text) => Split(text, ',').Select(Parse).OfType<MediaType>();

    public bool Is(string mediaType) => _name.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Split(string text, char separator)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            quoted ^= text[i] == '"';
            if (text[i] == separator && !quoted)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[start..].Trim();
    }
}
