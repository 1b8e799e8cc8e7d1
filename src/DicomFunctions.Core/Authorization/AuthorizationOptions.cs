namespace DicomFunctions.Core.Authorization;

/// <summary>How requests to Google are authorized.</summary>
public sealed class AuthorizationOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "DicomFunctions:Authorization";

    /// <summary>The scope that suffices for DICOM stores.</summary>
    public const string HealthcareScope = "https://www.googleapis.com/auth/cloud-healthcare";

    /// <summary>Default: <see cref="AuthorizationMode.ApplicationDefault"/>.</summary>
    public AuthorizationMode Mode { get; set; }

    /// <summary>With <see cref="AuthorizationMode.Bearer"/>: the token. Either this or <see cref="BearerTokenFile"/>.</summary>
    public string? BearerToken { get; set; }

    /// <summary>
    /// With <see cref="AuthorizationMode.Bearer"/>: a file that holds the token and may be replaced by another's hand; it is read
    /// again every minute and whenever the token is refused.
    /// </summary>
    public string? BearerTokenFile { get; set; }

    /// <summary>
    /// With <see cref="AuthorizationMode.ApplicationDefault"/>: what the token is to be good for. None given:
    /// <see cref="HealthcareScope"/> alone. Jobs that also read <c>gs://</c> sources or Pub/Sub need
    /// <c>https://www.googleapis.com/auth/cloud-platform</c>.
    /// </summary>
    public IList<string> Scopes { get; } = [];
}
