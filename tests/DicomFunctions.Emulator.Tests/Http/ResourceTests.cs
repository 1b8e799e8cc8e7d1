using System.Net.Sockets;
using System.Text;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Emulator.Tests.Http;

public sealed class ResourceTests : EmulatorTest
{
    private const string Other = "projects/example.com:p/locations/l/datasets/d/dicomStores/other_store.1";

    protected override EmulatorOptions Options => base.Options with { BearerToken = "secret" };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Store.Http.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
    }

    [Fact]
    public async Task Stores_are_created_on_first_use_and_are_separate()
    {
        using var other = new StoreClient(Emulator.BaseAddress, Other);
        other.Http.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        await Store.AddAsync(SomeDicom.Instance());
        await other.AddAsync(SomeDicom.Instance().With(0x00100020, Vr.LO, "elsewhere"));

        Assert.Equal("P1", (await Store.SearchAsync("studies")).All(0x00100020).Single());
        Assert.Equal("elsewhere", (await other.SearchAsync("studies")).All(0x00100020).Single());
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("secret")]
    [InlineData("Basic secret")]
    [InlineData(null)]
    public async Task Without_the_token_every_request_is_unauthenticated(string? authorization)
    {
        Store.Http.DefaultRequestHeaders.Remove("Authorization");
        if (authorization is not null)
            Store.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        using var search = await Store.GetAsync("studies");
        using var stow = await Store.StowAsync(SomeDicom.Instance());

        await search.AssertErrorAsync(401, "UNAUTHENTICATED");
        await stow.AssertErrorAsync(401, "UNAUTHENTICATED");
        Assert.Contains("Bearer", search.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Emulator.Statistics.Stored);
    }

    [Theory]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s%2f..%2fx/dicomWeb/studies")]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s s/dicomWeb/studies")]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores//dicomWeb/studies")]
    [InlineData("v1/projects/p/locations/l/datasets/d/stores/s/dicomWeb/studies")]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2.x/series")]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/..%2f..%2fetc/series")]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1..2/series")]
    public async Task Invalid_names_are_bad_requests(string path)
    {
        using var response = await Store.Http.GetAsync(new Uri(path, UriKind.Relative));

        await response.AssertErrorAsync(400, "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task Very_long_names_are_bad_requests()
    {
        using var store = await Store.Http.GetAsync(
            new Uri($"v1/projects/p/locations/l/datasets/d/dicomStores/{new string('s', 10_000)}/dicomWeb/studies", UriKind.Relative));
        using var query = await Store.GetAsync($"studies?{new string('q', 10_000)}=1");

        await store.AssertErrorAsync(400, "INVALID_ARGUMENT");
        await query.AssertErrorAsync(400, "INVALID_ARGUMENT");
        Assert.InRange((await query.Content.ReadAsByteArrayAsync()).Length, 1, 1000);
    }

    [Theory]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/nothing", 404)]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2/nothing", 404)]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/series/1.2", 404)]
    [InlineData("v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2/series/1.3/instances/1.4/rendered", 501)]
    [InlineData("nothing", 404)]
    [InlineData("", 404)]
    public async Task Unknown_paths_are_not_found_or_not_implemented(string path, int status)
    {
        using var response = await Store.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, (int)(await response.JsonAsync())["error"]!["code"]!);
    }

    [Fact]
    public async Task Other_methods_are_not_allowed()
    {
        using var put = await Store.SendAsync(HttpMethod.Put, "studies", null, null);

        Assert.Equal(405, (int)put.StatusCode);
    }

    [Fact]
    public async Task Store_describes_itself()
    {
        using var response = await Store.Http.GetAsync(new Uri($"v1/{StorePath}", UriKind.Relative));

        Assert.Equal(StorePath, (string?)(await response.JsonAsync())["name"]);
    }

    [Fact]
    public async Task Aborted_upload_leaves_nothing_behind()
    {
        using (var client = new TcpClient(Emulator.BaseAddress.Host, Emulator.BaseAddress.Port))
        {
            var head = $"POST /{Store.DicomWeb}studies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
                + "Content-Type: application/dicom\r\nContent-Length: 100000\r\n\r\n";
            await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. SomeDicom.Instance().ToBytes()]);
            await Eventually.HoldsAsync(() => Emulator.Statistics[RequestKind.Store].InFlight == 1, "the request has begun");
        }

        await Eventually.HoldsAsync(() => Emulator.Statistics[RequestKind.Store].InFlight == 0, "the request has ended");
        Assert.Empty(await Store.SearchAsync("instances"));
    }
}
