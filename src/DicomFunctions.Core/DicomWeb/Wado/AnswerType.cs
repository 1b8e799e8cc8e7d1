using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>The media type of an answer or of a part of it, as far as reading it needs.</summary>
internal readonly partial record struct AnswerType
{
    private const int MaxLength = 100;

    private AnswerType(string? written)
    {
        var mediaType = (written ?? "").Split(';', 2)[0].Trim();
        IsMissing = mediaType.Length == 0;
        IsDicom = mediaType.Equals("application/dicom", StringComparison.OrdinalIgnoreCase);
        IsMultipart = mediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);
        Boundary = IsMultipart ? MultipartBoundary.Find(written!) : null;
        // What comes in its place may be anything, data of a patient included.
        Name = IsMissing ? "no content type"
            : mediaType.Length <= MaxLength && MediaType.IsMatch(mediaType) ? mediaType
            : "an invalid type";
    }

    public bool IsMissing { get; }

    public bool IsDicom { get; }

    public bool IsMultipart { get; }

    /// <summary>Null if it is not multipart, or has no valid boundary.</summary>
    public string? Boundary { get; }

    /// <summary>For messages.</summary>
    public string Name { get; }

    public static AnswerType Of(string? contentType) => new(contentType);

    public static AnswerType Of(HttpContentHeaders headers) =>
        new(headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null);

    /// <summary>RFC 6838 §4.2, and nothing else.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex MediaType { get; }
}
