using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.Sources;

/// <summary>
/// Another DICOMweb server, from which instances may be uploaded. Without a token or a user, requests are not authorized.
/// </summary>
internal sealed class DicomWebServerOptions
{
    /// <summary>The DICOMweb service root, such as <c>https://pacs.example.org/dicom-web</c>.</summary>
    public Uri? Url { get; set; }

    /// <summary>A bearer token. It is a secret; prefer the file.</summary>
    public string? BearerToken { get; set; }

    /// <summary>A file with the bearer token, read again every minute and whenever the token is refused.</summary>
    public string? BearerTokenFile { get; set; }

    /// <summary>The user name for Basic authentication.</summary>
    public string? User { get; set; }

    /// <summary>The password for Basic authentication. It is a secret.</summary>
    public string? Password { get; set; }

    /// <summary>The most rows of a search to request at once. Some servers refuse more than 200.</summary>
    [Range(1, 1_000_000)]
    public int PageSize { get; set; } = 200;
}
