using System.Net;
using System.Net.Sockets;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Http;

/// <summary>
/// Programs on this machine may use an emulator, web pages of other sites may not, and other machines need the token.
/// </summary>
public sealed class GuardTests : EmulatorTest
{
    public static TheoryData<string, string[], bool> Headers() => new()
    {
        { "Host", ["localhost:{port}"], true },
        { "Host", ["LOCALHOST"], true },
        { "Host", ["[::1]:{port}"], true },
        { "Host", ["127.8.9.1"], true },
        { "Host", ["attacker.example:{port}"], false },
        { "Host", ["localhost.attacker.example"], false },
        { "Host", ["192.168.1.2:{port}"], false },
        { "Origin", ["http://127.0.0.1:{port}"], true },
        { "Origin", ["https://127.0.0.1:{port}"], false },
        { "Origin", ["http://127.0.0.1:1"], false },
        { "Origin", ["http://attacker.example"], false },
        { "Origin", ["null"], false },
        { "Origin", [""], false },
        { "Origin", ["http://127.0.0.1:{port}", "http://127.0.0.1:{port}"], false },
        { "Origin", ["http://127.0.0.1:{port}, http://attacker.example"], false },
        { "Sec-Fetch-Site", ["none"], true },
        { "Sec-Fetch-Site", ["same-origin"], true },
        { "Sec-Fetch-Site", ["same-site"], false },
        { "Sec-Fetch-Site", ["cross-site"], false },
        { "Sec-Fetch-Site", ["none", "cross-site"], false },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Web_pages_of_other_sites_are_refused_on_every_surface(string header, string[] values, bool isServed)
    {
        foreach (var path in new[] { Store.DicomWeb + "studies", "v1/projects/p/topics", "emulator/statistics" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.TryAddWithoutValidation(
                header, values.Select(value => value.Replace("{port}", $"{Emulator.BaseAddress.Port}", StringComparison.Ordinal)));
            using var response = await Store.Http.SendAsync(request);

            if (isServed)
                Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
            else
                await response.AssertErrorAsync(403, "PERMISSION_DENIED");
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", null)]
    [InlineData("http://[::]:0", null)]
    [InlineData("http://192.0.2.1:0", null)]
    [InlineData("http://0.0.0.0:0", "")]
    public async Task An_address_that_others_can_reach_needs_a_token(string url, string? token)
    {
        var refusal = await Assert.ThrowsAsync<FormatException>(
            () => DicomStoreEmulator.StartAsync(new EmulatorOptions { Url = url, BearerToken = token, PubSubEmulatorHost = "" }));

        Assert.Contains("bearer token", refusal.Message, StringComparison.Ordinal);
    }

    [OwnAddressFact]
    public async Task From_elsewhere_every_request_needs_the_token()
    {
        await using var emulator = await DicomStoreEmulator.StartAsync(
            new EmulatorOptions { Url = "http://0.0.0.0:0", BearerToken = "secret", PubSubEmulatorHost = "" });
        var address = OwnAddressFactAttribute.Address!;
        using var client = new HttpClient { BaseAddress = new Uri($"http://{address}:{emulator.BaseAddress.Port}/") };
        foreach (var path in new[] { Store.DicomWeb + "studies", "v1/projects/p/topics/t", "emulator/statistics" })
        {
            using var without = await client.GetAsync(new Uri(path, UriKind.Relative));
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.Authorization = new("Bearer", "secret");
            using var with = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
            Assert.NotEqual(HttpStatusCode.Unauthorized, with.StatusCode);
        }
    }

    /// <summary>Needs an address of this machine that is not loopback.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class OwnAddressFactAttribute : FactAttribute
    {
        public static readonly IPAddress? Address = Dns.GetHostAddresses(Dns.GetHostName())
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));

        public OwnAddressFactAttribute()
        {
            if (Address is null)
                Skip = "This machine has only loopback addresses.";
        }
    }
}
