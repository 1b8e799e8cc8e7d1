using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.App.Credentials;

/// <summary>How the app's identity on Azure becomes one at Google.</summary>
public sealed class GoogleCredentialsOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "DicomFunctions:GoogleCredentials";

    /// <summary>Default: <see cref="GoogleCredentialsMode.ApplicationDefault"/>.</summary>
    public GoogleCredentialsMode Mode { get; set; }

    /// <summary>
    /// With <see cref="GoogleCredentialsMode.WorkloadIdentity"/>: the provider,
    /// <c>//iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/POOL/providers/PROVIDER</c>.
    /// </summary>
    [RegularExpression("^//iam\\.googleapis\\.com/projects/[0-9]+/locations/global/workloadIdentityPools/[^/]+/providers/[^/]+$")]
    public string? Audience { get; set; }

    /// <summary>The service account to act as. None: the roles are the federated identity's own.</summary>
    [RegularExpression("^[a-z0-9-]+@[a-z0-9.-]+\\.iam\\.gserviceaccount\\.com$")]
    public string? ServiceAccount { get; set; }

    /// <summary>The Application ID URI of the Entra application that the managed identity's token is for, <c>api://…</c>.</summary>
    public Uri? AppIdUri { get; set; }

    /// <summary>The client id of a user-assigned identity. None: the system-assigned one.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mode == GoogleCredentialsMode.WorkloadIdentity && (Audience is null || AppIdUri is null))
        {
            yield return new ValidationResult(
                $"{SectionName}: {nameof(Mode)} {nameof(GoogleCredentialsMode.WorkloadIdentity)} needs {nameof(Audience)} and {nameof(AppIdUri)}.");
        }
    }
}
