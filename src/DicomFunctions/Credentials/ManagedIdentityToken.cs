using Azure.Core;
using Google.Apis.Auth.OAuth2;

namespace DicomFunctions.App.Credentials;

/// <summary>The managed identity's Entra token, to be exchanged at Google's STS.</summary>
internal sealed class ManagedIdentityToken(TokenCredential identity, Uri appIdUri)
    : ProgrammaticExternalAccountCredential.ISubjectTokenProvider
{
    private readonly TokenRequestContext _request = new([$"{appIdUri.OriginalString.TrimEnd('/')}/.default"]);

    public async Task<string> GetSubjectTokenAsync(ProgrammaticExternalAccountCredential caller, CancellationToken cancellationToken) =>
        (await identity.GetTokenAsync(_request, cancellationToken).ConfigureAwait(false)).Token;
}
