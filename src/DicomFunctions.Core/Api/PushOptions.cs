using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Core.Api;

/// <summary>Who may push Pub/Sub messages to this host.</summary>
internal sealed class PushOptions
{
    public const string SectionName = "DicomFunctions:Push";

    /// <summary>The audience of the subscription's OIDC tokens. Null refuses all pushes.</summary>
    public string? Audience { get; set; }

    /// <summary>The e-mail address of the service account in those tokens; required with <see cref="Audience"/>.</summary>
    [EmailAddress]
    public string? ServiceAccount { get; set; }

    /// <summary>The URL of the signer's public keys; null for Google's.</summary>
    [HttpUrl]
    public Uri? CertificatesUrl { get; set; }
}
