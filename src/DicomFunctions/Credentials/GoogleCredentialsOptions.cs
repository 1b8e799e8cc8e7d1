using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.App.Credentials;

/// <summary>How to exchange the app's identity on Azure for one at Google.</summary>
public sealed class GoogleCredentialsOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "DicomFunctions:GoogleCredentials";

    /// <summary>Default: <see cref="GoogleCredentialsMode.ApplicationDefault"/>.</summary>
    public GoogleCredentialsMode Mode { get; set; }

    /// <summary>
    /// The workload identity provider for <see cref="GoogleCredentialsMode.WorkloadIdentity"/>,
    /// <c>//iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/POOL/providers/PROVIDER</c>.
    /// </summary>
    [RegularExpression("^//iam\\.googleapis\\.com/projects/[0-9]+/locations/global/workloadIdentityPools/[^/]+/providers/[^/]+$")]
    public string? Audience { get; set; }

    /// <summary>The service account to impersonate; null to use the federated identity's own roles.</summary>
    [RegularExpression("^[a-z0-9-]+@[a-z0-9.-]+\\.iam\\.gserviceaccount\\.com$")]
    public string? ServiceAccount { get; set; }

    /// <summary>The Application ID URI of the Entra application that the managed identity's token is issued for, <c>api://…</c>.</summary>
    public Uri? AppIdUri { get; set; }

    /// <summary>The client id of a user-assigned identity; null for the system-assigned one.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mode == GoogleCredentialsMode.WorkloadIdentity && (Audience is null || AppIdUri is null))
        {
            yield return new ValidationResult(
                $"{SectionName}: {nameof(Mode)} {nameof(GoogleCredentialsMode.WorkloadIdentity)} needs {nameof(Audience)} and "
                + $"{nameof(AppIdUri)}.");
        }
    }
}
