using System.Net;
using DicomFunctions.Core.Authorization;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.Authorization;

public sealed class ApplicationDefaultTokenSourceTests
{
    [Fact]
    public async Task Invalidate_Googles_credential_asks_the_token_server_anew()
    {
        var server = new TokenServer();
        using var source = Source(server.Credential());
        Assert.Equal("token-1", await source.GetTokenAsync(CancellationToken.None));
        source.Invalidate("token-1");
        Assert.Equal("token-2", await source.GetTokenAsync(CancellationToken.None));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task GetTokenAsync_credential_refused_says_why_in_Googles_word()
    {
        var server = new TokenServer
        {
            Status = HttpStatusCode.BadRequest,
            Body = """{"error":"invalid_grant","error_description":"secret detail"}""",
        };
        using var source = Source(server.Credential());
        var failure = await Assert.ThrowsAsync<AccessTokenException>(() => source.GetTokenAsync(CancellationToken.None).AsTask());
        Assert.Contains("invalid_grant", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetTokenAsync_credential_that_cannot_renew_gives_what_it_has()
    {
        using var source = Source(GoogleCredential.FromAccessToken("fixed"));
        Assert.Equal("fixed", await source.GetTokenAsync(CancellationToken.None));
        source.Invalidate("fixed");
        Assert.Equal("fixed", await source.GetTokenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task GetTokenAsync_loading_that_failed_is_tried_again()
    {
        var isThere = false;
        using var source = new ApplicationDefaultTokenSource(
            (_, _) => isThere
                ? Task.FromResult<ITokenAccess>(GoogleCredential.FromAccessToken("late"))
                : throw new AccessTokenException("None."),
            "scope",
            TimeProvider.System);
        await Assert.ThrowsAsync<AccessTokenException>(() => source.GetTokenAsync(CancellationToken.None).AsTask());
        isThere = true;
        Assert.Equal("late", await source.GetTokenAsync(CancellationToken.None));
    }

    private static ApplicationDefaultTokenSource Source(ITokenAccess credential) =>
        new((_, _) => Task.FromResult(credential), "scope", TimeProvider.System);

    /// <summary>A token server in place of the network.</summary>
    private sealed class TokenServer : HttpClientFactory
    {
        public int Requests { get; private set; }

        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public string? Body { get; init; }

        public GoogleCredential Credential() => GoogleCredential.FromComputeCredential(
            new ComputeCredential(new ComputeCredential.Initializer("http://token.invalid/") { HttpClientFactory = this }));

        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Handler(this);

        private sealed class Handler(TokenServer server) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                server.Requests++;
                var body = server.Body ?? $$"""{"access_token":"token-{{server.Requests}}","expires_in":3600,"token_type":"Bearer"}""";
                return Task.FromResult(new HttpResponseMessage(server.Status)
                {
                    Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
                    RequestMessage = request,
                });
            }
        }
    }
}
