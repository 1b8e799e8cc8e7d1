using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Tests.Sources.Gcs;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Authorization;

/// <summary>Without any setting, each of Google's services sees a token of the scope it asks for.</summary>
public sealed class ScopeTests
{
    [Theory]
    [InlineData("gs")]
    [InlineData("gcs")]
    public async Task An_upload_from_Cloud_Storage_reads_with_cloud_platform_and_stores_with_Cloud_Healthcare(string scheme)
    {
        await using var storage = await FakeGcs.StartAsync();
        storage.Put("b", "scans/a.dcm", Some.DicomFile());
        storage.Token = $"token for {AuthorizationOptions.CloudPlatformScope}";
        await using var host = await StartAsync(("Sources:GcsBaseUrl", storage.BaseUrl.AbsoluteUri));
        foreach (var name in new[] { "scans/*", "scans/a.dcm" })
            Assert.True((bool)(await host.UploadJobAsync($"\"{scheme}://b/{name}\"")).Single()["success"]!);
        Assert.Equal([$"Bearer token for {AuthorizationOptions.HealthcareScope}"], host.Server.Authorizations.Distinct());
    }

    [Fact]
    public async Task A_search_asks_for_no_more_than_Cloud_Healthcare()
    {
        await using var host = await StartAsync();
        await host.SearchJobAsync(CoreHost.SearchJson());
        Assert.Equal([$"Bearer token for {AuthorizationOptions.HealthcareScope}"], host.Server.Authorizations);
    }

    [Fact]
    public async Task A_subscription_over_REST_is_pulled_with_Pub_Sub()
    {
        await using var pubSub = await FakePubSub.StartAsync();
        await using var host = await StartAsync(
            ("Notifications:BaseUrl", pubSub.BaseUrl), ("Notifications:Subscription", "projects/p/subscriptions/sub"));
        await host.Services.GetRequiredService<INotificationPump>().RunAsync(CancellationToken.None);
        Assert.Equal(
            [$"Bearer token for {AuthorizationOptions.PubSubScope}"], pubSub.Requests.Select(request => request.Authorization).Distinct());
    }

    private static Task<CoreHost> StartAsync(params (string Key, string Value)[] settings) => CoreHost.StartAsync(
        configure: services => services.AddSingleton(ScopedCredential.Create()),
        settings: [.. settings, ("Authorization:Mode", nameof(AuthorizationMode.ApplicationDefault))]);
}
