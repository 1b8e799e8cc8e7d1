using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Core.Api;

/// <summary>Who may push Pub/Sub messages.</summary>
public sealed class PushOptions
{
    public const string SectionName = "DicomFunctions:Push";

    /// <summary>The audience of the subscription's OIDC tokens. Null: pushes are refused.</summary>
    public string? Audience { get; set; }

    /// <summary>The e-mail address of the service account that signs them; required with <see cref="Audience"/>.</summary>
    [EmailAddress]
    public string? ServiceAccount { get; set; }

    /// <summary>Where the signer's public keys are. Null: Google's.</summary>
    [HttpUrl]
    public Uri? CertificatesUrl { get; set; }
}
