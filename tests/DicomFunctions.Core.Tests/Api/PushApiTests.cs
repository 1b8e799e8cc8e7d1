using System.Text;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

public sealed class PushApiTests
{
    private const string ServiceAccount = "push@p.iam.gserviceaccount.com";
    private const string Path = "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2/series/3.4/instances/5.6";

    private static readonly string Delivery =
        $$"""{"message":{"data":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Path))}}","messageId":"77","""
        + "\"publishTime\":\"2026-11-22T10:00:00Z\"},\"subscription\":\"projects/p/subscriptions/s\"}";

    [Fact]
    public async Task PushAsync_with_the_subscriptions_token_makes_a_job_and_then_acknowledges()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var host = await HostAsync(issuer);
        Assert.Equal(204, await PushAsync(host, issuer.Token(), Delivery));

        var job = Assert.Single(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
        await host.Jobs.WaitAsync(job.Id, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        var record = Assert.Single(await host.RecordsAsync(job.Id));
        Assert.Equal(("77", "2026-11-22T10:00:00Z"), ((string)record["message_id"]!, (string)record["publish_time"]!));
        Assert.Equal("5.6", (string)record["input"]!["params"]!["SOPInstanceUID"]!);
    }

    [Fact]
    public async Task PushAsync_poison_message_is_acknowledged_and_a_failed_record()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var host = await HostAsync(issuer);
        Assert.Equal(204, await PushAsync(host, issuer.Token(), """{"message":{"data":"AAAA//8=","messageId":"8"}}"""));

        var job = Assert.Single(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
        await host.Jobs.WaitAsync(job.Id, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False((bool)Assert.Single(await host.RecordsAsync(job.Id))["success"]!);
    }

    [Theory]
    [InlineData(401, "other", ServiceAccount, "https://accounts.google.com", 10, true)]
    [InlineData(401, null, ServiceAccount, "https://accounts.google.com", 10, true)]
    [InlineData(401, "push", ServiceAccount, "https://evil.example", 10, true)]
    [InlineData(401, "push", ServiceAccount, "https://accounts.google.com", -10, true)]
    [InlineData(403, "push", "other@p.iam.gserviceaccount.com", "https://accounts.google.com", 10, true)]
    [InlineData(403, "push", ServiceAccount, "https://accounts.google.com", 10, false)]
    public async Task PushAsync_with_another_token_is_refused_and_makes_no_job(
        int status, string? audience, string email, string issuerName, int minutes, bool emailVerified)
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var host = await HostAsync(issuer);
        var token = issuer.Token(audience, email, issuerName, TimeSpan.FromMinutes(minutes), emailVerified);
        Assert.Equal(status, await PushAsync(host, token, Delivery));
        Assert.Empty(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
    }

    [Theory]
    [InlineData(204, 20)]
    [InlineData(401, 300)]
    public async Task PushAsync_token_issued_ahead_of_our_clock_is_taken_where_the_clocks_differ_a_little(int status, int seconds)
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var host = await HostAsync(issuer);
        Assert.Equal(status, await PushAsync(host, issuer.Token(issuedIn: TimeSpan.FromSeconds(seconds)), Delivery));
    }

    [Fact]
    public async Task PushAsync_token_of_another_key_mangled_or_missing_is_401()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var other = await TokenIssuer.StartAsync();
        await using var host = await HostAsync(issuer);
        Assert.Equal(401, await PushAsync(host, other.Token(), Delivery));
        Assert.Equal(401, await PushAsync(host, issuer.Token()[..^4], Delivery));
        Assert.Equal(401, await PushAsync(host, "not.a.token", Delivery));
        Assert.Equal(401, await PushAsync(host, token: null, Delivery));
    }

    [Fact]
    public async Task PushAsync_without_an_audience_configured_is_403()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var host = await CoreHost.StartAsync();
        Assert.Equal(403, await PushAsync(host, issuer.Token(), Delivery));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("{\"messages\":[]}")]
    [InlineData("{\"subscription\":\"projects/p/subscriptions/s\"}")]
    [InlineData("{\"message\":")]
    public async Task PushAsync_what_is_no_delivery_is_400(string body)
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var host = await HostAsync(issuer);
        Assert.Equal(400, await PushAsync(host, issuer.Token(), body));
        Assert.Empty(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task PushAsync_does_not_acknowledge_when_the_job_cannot_be_accepted()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var host = await HostAsync(issuer);
        host.Objects.IsDown = true;
        Assert.Equal(503, await PushAsync(host, issuer.Token(), Delivery));
    }

    private static Task<CoreHost> HostAsync(TokenIssuer issuer) => CoreHost.StartAsync(
        settings: [("Push:Audience", "push"), ("Push:ServiceAccount", ServiceAccount), ("Push:CertificatesUrl", issuer.CertificatesUrl)]);

    private static async Task<int> PushAsync(CoreHost host, string? token, string body)
    {
        var context = new DefaultHttpContext { RequestServices = host.Services };
        context.Request.Method = "POST";
        context.Request.Path = "/api/pubsub/push";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Response.Body = new MemoryStream();
        if (token is not null)
            context.Request.Headers.Authorization = "Bearer " + token;
        var result = await host.Services.GetRequiredService<PushApi>().PushAsync(context.Request);
        await result.ExecuteAsync(context);
        return context.Response.StatusCode;
    }
}
