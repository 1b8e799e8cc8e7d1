using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

public sealed class IdempotencyKeyTests : IAsyncLifetime
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    private CoreHost _host = null!;
    private ApiServer _api = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync();
        _api = await ApiServer.StartAsync(_host);
        _host.Server.Rows = FakeDicomStore.Instances(2);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("search", "requests")]
    [InlineData("retrieve", "requests")]
    [InlineData($"upload?destination={Store}", "inputs")]
    public async Task A_repetition_is_answered_with_the_state_of_the_same_job(string path, string array)
    {
        var (status, first) = await PostAsync(path, "[{}]");
        Assert.Equal(202, status);
        Assert.Null(first["state"]);
        var id = (string)first["id"]!;
        await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime();

        // The inputs are what counts, not how they are written down around them.
        var (again, second) = await PostAsync(path, $"{{\"{array}\":[{{}}]}}");

        Assert.Equal((202, id, "completed"), (again, (string?)second["id"], (string?)second["state"]));
        Assert.Equal($"/api/jobs/{id}/results", (string?)second["results_url"]);
    }

    [Fact]
    public async Task A_repetition_that_waits_is_answered_with_the_records()
    {
        var (first, records) = await PostAsync("search?wait=60", CoreHost.SearchJson());
        var (second, again) = await PostAsync("search?wait=60", CoreHost.SearchJson());

        Assert.Equal((200, 200), (first, second));
        Assert.Equal(records.ToJsonString(), again.ToJsonString());
        Assert.Single(await _host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
    }

    [Theory]
    [InlineData("search", "[{},{}]")]
    [InlineData("search?max_workers=3", "[{}]")]
    [InlineData("search", "{\"requests\":[{}],\"buffer_size\":9}")]
    [InlineData("search", "{} {}")]
    public async Task Another_submission_is_a_conflict(string path, string body)
    {
        var (_, first) = await PostAsync("search", "[{}]");

        var (status, problem) = await PostAsync(path, body);

        Assert.Equal(409, status);
        Assert.Contains((string)first["id"]!, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"upload?destination={Store}2", "1.2.3", false)]
    [InlineData($"upload?destination={Store}", "1.2.4", false)]
    [InlineData($"upload?destination={Store}", "1.2.3", true)]
    [InlineData("upload?project_id=p&region=l&dataset_id=d&dicom_store_id=s", "1.2.3", true)]
    public async Task Files_and_their_destination_are_the_submission_but_not_the_boundary(string path, string instance, bool isSame)
    {
        var first = await SendAsync($"upload?destination={Store}", "1.2.3", "one");

        var second = await SendAsync(path, instance, "two");

        Assert.Equal(isSame ? (202, first.Id) : (409, null), second);
        Assert.Single(await _host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
        Assert.Single(await _host.ListAsync("jobs/"), name => name.Contains("/bodies/", StringComparison.Ordinal));

        async Task<(int Status, string? Id)> SendAsync(string path, string instance, string boundary)
        {
            using var file = new ByteArrayContent(Some.DicomFile(instance: instance));
            file.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            using var content = new MultipartContent("related", boundary) { file };
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{path}") { Content = content };
            request.Headers.Add("Idempotency-Key", "key");
            using var answer = await _api.Http.SendAsync(request);
            var id = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"];
            if (id is not null)
                await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime();
            return ((int)answer.StatusCode, id);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("one", "two")]
    [InlineData(Long)]
    public async Task A_key_that_is_none_is_a_bad_request(params string[] keys)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/search") { Content = new StringContent("[]") };
        foreach (var key in keys)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await _api.Http.SendAsync(request);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal((400, "Idempotency-Key"), ((int)answer.StatusCode, (string?)problem["key"]));
        Assert.Contains("1 to 255 visible ASCII characters", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Empty(await _host.ListAsync(""));
    }

    [Fact]
    public async Task The_longest_key_is_taken_and_stands_in_no_file()
    {
        var key = new string('~', 254) + "!";
        var (status, accepted) = await PostAsync("search", "[]", key);
        Assert.Equal(202, status);
        await _host.Jobs.WaitAsync((string)accepted["id"]!, CancellationToken.None).InTime();

        foreach (var name in await _host.ListAsync(""))
            Assert.DoesNotContain("~~", name + await _host.ReadTextAsync(name), StringComparison.Ordinal);
    }

    private const string Long = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        + "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        + "01234567890123456789012345678901234567890123456789012345";

    private async Task<(int Status, JsonNode Body)> PostAsync(string path, string body, string key = "key")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{path}") { Content = new StringContent(body) };
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.Add("Accept", "application/json");
        using var answer = await _api.Http.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
