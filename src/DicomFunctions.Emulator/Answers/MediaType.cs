using System.Globalization;

namespace DicomFunctions.Emulator.Answers;

/// <summary>
/// A media type or range with its parameters (RFC 9110 §8.3.1). A parameter's value may lack the quotes that it needs, as in
/// <c>type=application/dicom</c>, which many clients send.
/// </summary>
internal sealed class MediaType
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _name;

    private MediaType(string name) => _name = name;

    /// <summary>The weight of a range, from 0 to 1; 1 if it has none.</summary>
    public double Quality =>
        this["q"] is { } q && double.TryParse(q, NumberStyles.Float, CultureInfo.InvariantCulture, out var quality) ? quality : 1;

    /// <summary>Whether this is the range of all types, or of all application types.</summary>
    public bool IsAny => _name == "*/*" || Is("application/*");

    /// <summary>A parameter's value without quotes, or null.</summary>
    public string? this[string parameter] => _parameters.GetValueOrDefault(parameter);

    /// <summary>Parses one media type; null if the text is not a media type.</summary>
    public static MediaType? Parse(string? text)
    {
        var parts = Split(text ?? "", ';').ToArray();
        var slash = parts[0].IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == parts[0].Length - 1 || parts[0].Contains(' ', StringComparison.Ordinal))
            return null;

        var type = new MediaType(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                type._parameters[part[..equals].Trim()] = part[(equals + 1)..].Trim().Trim('"');
        }

        return type;
    }

    /// <summary>Parses a comma-separated list of media ranges, ignoring invalid ones.</summary>
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
