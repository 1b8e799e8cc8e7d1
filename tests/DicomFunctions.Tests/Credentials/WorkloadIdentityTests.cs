using System.Net;
using System.Net.Http.Json;
using System.Web;
using Azure.Core;
using DicomFunctions.App.Credentials;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Moq;
using Xunit;

namespace DicomFunctions.App.Tests.Credentials;

public sealed class WorkloadIdentityTests
{
    private const string Audience = "//iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/azure/providers/entra";
    private const string Account = "dicom-functions@my-project.iam.gserviceaccount.com";

    private readonly Google _google = new();
    private readonly Mock<TokenCredential> _identity = new();

    public WorkloadIdentityTests()
        => _identity
            .Setup(identity => identity.GetTokenAsync(It.IsAny<TokenRequestContext>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new AccessToken("entra-token", DateTimeOffset.UtcNow.AddHours(1)));

    [Fact]
    public async Task The_identitys_token_for_the_application_is_exchanged_and_stands_in_for_the_service_account()
    {
        var credential = Create(Account).CreateScoped("https://www.googleapis.com/auth/cloud-healthcare");

        Assert.Equal("account-token", await ((ITokenAccess)credential).GetAccessTokenForRequestAsync());

        _identity.Verify(identity => identity.GetTokenAsync(
            It.Is<TokenRequestContext>(request => request.Scopes.Single() == "api://app/.default"), It.IsAny<CancellationToken>()));
        var exchange = HttpUtility.ParseQueryString(_google.Bodies[0]);
        Assert.Equal("https://sts.googleapis.com/v1/token", _google.Addresses[0]);
        Assert.Equal("entra-token", exchange["subject_token"]);
        Assert.Equal("urn:ietf:params:oauth:token-type:jwt", exchange["subject_token_type"]);
        Assert.Equal(Audience, exchange["audience"]);
        Assert.Equal(
            $"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{Account}:generateAccessToken", _google.Addresses[1]);
        Assert.Contains("auth/cloud-healthcare", _google.Bodies[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_service_account_the_federated_token_is_used_itself()
    {
        var credential = Create(account: null).CreateScoped("https://www.googleapis.com/auth/cloud-platform");

        Assert.Equal("federated-token", await ((ITokenAccess)credential).GetAccessTokenForRequestAsync());
        Assert.Single(_google.Addresses);
    }

    [Fact]
    public void AddGoogleCredentials_no_settings_leaves_the_machines_own()
        => Assert.Null(Services([]).GetService<GoogleCredential>());

    [Fact]
    public void AddGoogleCredentials_workload_identity_is_the_credential()
        => Assert.NotNull(
            Services(new() { ["Mode"] = "WorkloadIdentity", ["Audience"] = Audience, ["AppIdUri"] = "api://app" })
                .GetService<GoogleCredential>());

    [Theory]
    [InlineData("Mode", "WorkloadIdentity", "needs Audience and AppIdUri")]
    [InlineData("Audience", "https://iam.googleapis.com/projects/42", "Audience")]
    [InlineData("ServiceAccount", "somebody@example.com", "ServiceAccount")]
    public void AddGoogleCredentials_wrong_settings_are_refused_by_name(string key, string value, string expected)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Services(new() { [key] = value }).GetService<GoogleCredential>());

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings)
        => new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings.ToDictionary(setting => $"{GoogleCredentialsOptions.SectionName}:{setting.Key}", setting => setting.Value))
                .Build())
            .AddGoogleCredentials()
            .BuildServiceProvider();

    private GoogleCredential Create(string? account)
        => WorkloadIdentity.Create(
            new GoogleCredentialsOptions { Audience = Audience, ServiceAccount = account, AppIdUri = new Uri("api://app") },
            _identity.Object, _google);

    /// <summary>Google's token endpoints, in process.</summary>
    private sealed class Google : HttpClientFactory
    {
        public List<string> Addresses { get; } = [];

        public List<string> Bodies { get; } = [];

        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Handler(this);

        private sealed class Handler(Google google) : HttpMessageHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                google.Addresses.Add(request.RequestUri!.AbsoluteUri);
                google.Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
                object answer = request.RequestUri.Host == "sts.googleapis.com"
                    ? new
                    {
                        access_token = "federated-token",
                        issued_token_type = "urn:ietf:params:oauth:token-type:access_token",
                        token_type = "Bearer",
                        expires_in = 3600,
                    }
                    : new
                    {
                        accessToken = "account-token",
                        expireTime = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
                    };
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(answer) };
            }
        }
    }
}
