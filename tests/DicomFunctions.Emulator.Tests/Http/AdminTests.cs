using System.Net.Http.Json;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Http;

public sealed class AdminTests : EmulatorTest
{
    [Fact]
    public async Task Faults_are_set_and_cleared_over_HTTP()
    {
        using var set = await PutAsync(
            $"emulator/faults?store={StorePath}", new { unavailableRate = 1, kinds = new[] { "search" }, latency = "00:00:00.001" });
        Assert.Equal(200, (int)set.StatusCode);
        using var failed = await Store.GetAsync("studies");
        Assert.Equal(503, (int)failed.StatusCode);
        Assert.Equal(1.0, (double)(await GetAsync("emulator/faults"))["stores"]![StorePath]!["unavailableRate"]!);

        using var cleared = await Store.Http.DeleteAsync(new Uri($"emulator/faults?store={StorePath}", UriKind.Relative));
        Assert.Empty(await Store.SearchAsync("studies"));

        using var all = await PutAsync("emulator/faults", new FaultOptions { AnswerHtml = true });
        using var html = await Store.GetAsync("studies");
        Assert.Equal("text/html", html.Content.Headers.ContentType!.MediaType);
        using var none = await Store.Http.DeleteAsync(new Uri("emulator/faults", UriKind.Relative));
        Assert.Empty(await Store.SearchAsync("studies"));
    }

    [Theory]
    [InlineData("emulator/faults", """{"unavailbleRate":1}""", 400)]
    [InlineData("emulator/faults", """{"unavailableRate":7}""", 400)]
    [InlineData("emulator/faults", """{"failStatus":200}""", 400)]
    [InlineData("emulator/faults", """{"latency":"-00:00:01"}""", 400)]
    [InlineData("emulator/faults", "[]", 400)]
    [InlineData("emulator/faults", "", 400)]
    [InlineData("emulator/faults?store=s", "{}", 400)]
    [InlineData($"emulator/synthetic?store={StorePath}", """{"rows":-1}""", 400)]
    [InlineData("emulator/synthetic", "{}", 404)]
    [InlineData("emulator/nothing", "{}", 404)]
    public async Task Invalid_settings_are_bad_requests(string path, string body, int status)
    {
        using var response = await Store.Http.PutAsync(new Uri(path, UriKind.Relative), new StringContent(body));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Synthetic_is_set_over_HTTP()
    {
        using var set = await PutAsync($"emulator/synthetic?store={StorePath}", new SyntheticAnswers { Rows = 3 });
        Assert.Equal(3, (await Store.SearchAsync("studies")).Count);
        Assert.Equal(3, (int)(await GetAsync("emulator/synthetic"))[StorePath]!["rows"]!);

        using var unset = await Store.Http.DeleteAsync(new Uri($"emulator/synthetic?store={StorePath}", UriKind.Relative));
        Assert.Empty(await Store.SearchAsync("studies"));
    }

    [Fact]
    public async Task Statistics_are_read_and_reset_over_HTTP()
    {
        await Store.AddAsync(SomeDicom.Instance());
        using var refused = await Store.StowAsync(SomeDicom.Instance().With(0x00100020, Vr.LO, "x"));

        var statistics = await GetAsync("emulator/statistics");
        var ofStore = await GetAsync($"emulator/statistics?store={StorePath}");

        Assert.Equal(2, (int)statistics["requests"]!["store"]!["count"]!);
        Assert.Equal(1, (int)statistics["stored"]!);
        Assert.Equal(1, (int)statistics["refused"]!);
        Assert.Equal(SomeDicom.Instance().ToBytes().Length, (int)statistics["storedBytes"]!);
        Assert.Equal(1, (int)statistics["statuses"]!["409"]!);
        Assert.Equal(1, (int)statistics["stores"]![StorePath]!["stored"]!);
        Assert.Equal(1, (int)ofStore["stored"]!);

        using var reset = await Store.Http.DeleteAsync(new Uri("emulator/statistics", UriKind.Relative));
        Assert.Equal(0, (int)(await GetAsync("emulator/statistics"))["dicomWeb"]!["count"]!);
    }

    [Fact]
    public async Task Stores_are_listed_with_counts()
    {
        await Store.AddAsync(SomeDicom.Instance(1), SomeDicom.Instance(2));

        var store = (await GetAsync("emulator/stores"))[0]!;

        Assert.Equal(StorePath, (string?)store["name"]);
        Assert.Equal(1, (int)store["studies"]!);
        Assert.Equal(2, (int)store["instances"]!);
        Assert.Equal("ok", (string?)(await GetAsync("emulator/health"))["status"]);
    }

    private async Task<System.Text.Json.Nodes.JsonNode> GetAsync(string path)
    {
        using var response = await Store.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    private Task<HttpResponseMessage> PutAsync<T>(string path, T body) => Store.Http.PutAsJsonAsync(new Uri(path, UriKind.Relative), body);
}
