using System.Text;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>
/// Finds the boundary of a multipart answer, even if other parameters violate the syntax (<c>type=application/dicom</c> without quotes).
/// </summary>
internal static class MultipartBoundary
{
    /// <summary>RFC 2046 §5.1.1.</summary>
    private const int MaxLength = 70;

    private const string Name = "boundary=";

    /// <summary>The boundary of a content type; null if there is none, or it is too long to be one.</summary>
    public static string? Find(string contentType)
    {
        foreach (var parameter in Parameters(contentType).Skip(1))
        {
            if (parameter.StartsWith(Name, StringComparison.OrdinalIgnoreCase))
                return Value(parameter[Name.Length..]) is { Length: > 0 and <= MaxLength } boundary ? boundary : null;
        }

        return null;
    }

    /// <summary>What stands between the semicolons that are not quoted: the media type, then the parameters.</summary>
    private static IEnumerable<string> Parameters(string contentType)
    {
        var (start, isQuoted) = (0, false);
        for (var at = 0; at < contentType.Length; at++)
        {
            switch (contentType[at])
            {
                case '\\' when isQuoted:
                    at++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ';' when !isQuoted:
                    yield return contentType[start..at].Trim();
                    start = at + 1;
                    break;
            }
        }

        yield return contentType[start..].Trim();
    }

    private static string Value(string written)
    {
        if (written is not ['"', .., '"'])
            return written;
        var value = new StringBuilder();
        for (var at = 1; at < written.Length - 1; at++)
        {
            if (written[at] == '\\')
                at++;
            value.Append(written[at]);
        }

        return value.ToString();
    }
}
