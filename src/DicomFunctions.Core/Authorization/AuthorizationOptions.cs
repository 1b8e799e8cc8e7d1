namespace DicomFunctions.Core.Authorization;

/// <summary>How requests to Google are authorized.</summary>
public sealed class AuthorizationOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "DicomFunctions:Authorization";

    /// <summary>The scope that suffices for DICOM stores.</summary>
    public const string HealthcareScope = "https://www.googleapis.com/auth/cloud-healthcare";

    /// <summary>The scope that suffices for subscriptions.</summary>
    public const string PubSubScope = "https://www.googleapis.com/auth/pubsub";

    /// <summary>The scope for <c>gs://</c> sources. It covers all of Google Cloud: roles say what the credential may do.</summary>
    public const string CloudPlatformScope = "https://www.googleapis.com/auth/cloud-platform";

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
    /// With <see cref="AuthorizationMode.ApplicationDefault"/>: what every token is to be good for. None given, each service gets a token
    /// of its own scope once it is used: <see cref="HealthcareScope"/> for stores, <see cref="CloudPlatformScope"/> for <c>gs://</c>
    /// sources, <see cref="PubSubScope"/> for subscriptions.
    /// </summary>
    public IList<string> Scopes { get; } = [];
}
