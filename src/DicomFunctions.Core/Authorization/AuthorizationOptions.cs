namespace DicomFunctions.Core.Authorization;

/// <summary>How requests to Google are authorized.</summary>
public sealed class AuthorizationOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "DicomFunctions:Authorization";

    /// <summary>The scope for DICOM stores.</summary>
    public const string HealthcareScope = "https://www.googleapis.com/auth/cloud-healthcare";

    /// <summary>The scope for subscriptions.</summary>
    public const string PubSubScope = "https://www.googleapis.com/auth/pubsub";

    /// <summary>The scope for <c>gs://</c> sources. It covers all of Google Cloud; roles limit what the credential may do.</summary>
    public const string CloudPlatformScope = "https://www.googleapis.com/auth/cloud-platform";

    /// <summary>Default: <see cref="AuthorizationMode.ApplicationDefault"/>.</summary>
    public AuthorizationMode Mode { get; set; }

    /// <summary>The token for <see cref="AuthorizationMode.Bearer"/>. Set either this or <see cref="BearerTokenFile"/>.</summary>
    public string? BearerToken { get; set; }

    /// <summary>
    /// The file with the token for <see cref="AuthorizationMode.Bearer"/>. Another process may renew it: the file is read again every
    /// minute, and whenever the token is refused.
    /// </summary>
    public string? BearerTokenFile { get; set; }

    /// <summary>
    /// The scopes of every token with <see cref="AuthorizationMode.ApplicationDefault"/>. By default each service uses tokens of its own
    /// scope: <see cref="HealthcareScope"/> for stores, <see cref="CloudPlatformScope"/> for <c>gs://</c> sources,
    /// <see cref="PubSubScope"/> for subscriptions.
    /// </summary>
    public IList<string> Scopes { get; } = [];
}
