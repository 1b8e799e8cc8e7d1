using Azure.Core;
using Azure.Identity;
using Google.Apis.Auth.OAuth2;
using IHttpClientFactory = Google.Apis.Http.IHttpClientFactory;

namespace DicomFunctions.App.Credentials;

/// <summary>
/// Workload identity federation (https://cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds): Google's STS
/// exchanges the identity's Entra token for a federated one, which may then impersonate a service account.
/// </summary>
internal static class WorkloadIdentity
{
    private const string Sts = "https://sts.googleapis.com/v1/token";
    private const string Jwt = "urn:ietf:params:oauth:token-type:jwt";

    /// <summary>Creates the credential. It fetches and renews tokens when they are needed.</summary>
    public static GoogleCredential Create(
        GoogleCredentialsOptions options, TokenCredential? identity = null, IHttpClientFactory? network = null)
    {
        var subject = new ManagedIdentityToken(identity ?? Identity(options), options.AppIdUri!);
        var initializer = new ProgrammaticExternalAccountCredential.Initializer(Sts, options.Audience, Jwt, subject)
        {
            ServiceAccountImpersonationUrl = options.ServiceAccount is { } account
                ? $"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
                : null,
            HttpClientFactory = network,
        };
        return GoogleCredential.FromProgrammaticExternalAccountCredential(new ProgrammaticExternalAccountCredential(initializer));
    }

    private static ManagedIdentityCredential Identity(GoogleCredentialsOptions options) =>
        new(options.ManagedIdentityClientId is { Length: > 0 } clientId
            ? ManagedIdentityId.FromUserAssignedClientId(clientId)
            : ManagedIdentityId.SystemAssigned);
}
