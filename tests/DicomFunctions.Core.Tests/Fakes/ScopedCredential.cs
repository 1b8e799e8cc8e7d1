using System.Net.Http.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>A Google credential whose token server names in the token the scopes it was asked for.</summary>
internal sealed class ScopedCredential : HttpClientFactory
{
    public static GoogleCredential Create() => GoogleCredential.FromComputeCredential(
        new ComputeCredential(new ComputeCredential.Initializer("http://token.invalid/") { HttpClientFactory = new ScopedCredential() }));

    protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Handler();

    private sealed class Handler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var scopes = QueryHelpers.ParseQuery(request.RequestUri!.Query)["scopes"];
            return Task.FromResult(new HttpResponseMessage
            {
                Content = JsonContent.Create(new { access_token = $"token for {scopes}", expires_in = 3600, token_type = "Bearer" }),
            });
        }
    }
}
