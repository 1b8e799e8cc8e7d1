using System.Text.Json.Nodes;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

/// <summary>Who did what: in the job, in its summary, in lists, and in the log.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private readonly LogLines _log = new();

    private CoreHost _host = null!;
    private ApiServer _api = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(configure: services => services
            .AddSingleton<ILoggerProvider>(_log)
            .AddSingleton<ICallers, HeaderCallers>());
        _api = await ApiServer.StartAsync(_host);
        _api.Http.DefaultRequestHeaders.Add("Caller", "ward");
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_job_says_who_submitted_it_and_its_labels_and_its_retry_has_them_too()
    {
        var id = await SubmitAsync("?label=trial-7&label=night");
        var job = JsonNode.Parse((await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}")).Body)!;
        Assert.Equal(("ward", "ward"), ((string?)job["submitted_by"], (string?)job["summary"]!["submitted_by"]));
        Assert.Equal(["trial-7", "night"], job["labels"]!.AsArray().Select(label => (string)label!));

        _api.Http.DefaultRequestHeaders.Remove("Caller");
        _api.Http.DefaultRequestHeaders.Add("Caller", "desk");
        var retry = (string)JsonNode.Parse((await _api.PostAsync($"/api/jobs/{id}/retry", "")).Body)!["id"]!;
        var again = JsonNode.Parse((await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{retry}")).Body)!;
        Assert.Equal("desk", (string?)again["submitted_by"]);
        Assert.Equal(["trial-7", "night"], again["labels"]!.AsArray().Select(label => (string)label!));
    }

    [Fact]
    public async Task Labels_of_the_body_win_and_lists_are_filtered_by_them_and_by_time()
    {
        var first = await SubmitAsync("?label=a", "b", "c");
        var second = await SubmitAsync("", "b");
        var third = await SubmitAsync("");
        var all = new[] { third, second, first };

        Assert.Equal([second, first], await ListAsync("label=b"));
        Assert.Equal([first], await ListAsync("label=b&label=c"));
        Assert.Empty(await ListAsync("label=a"));
        Assert.Equal(all, await ListAsync("since=2026-01-01"));
        Assert.Empty(await ListAsync("since=2999-01-01T00:00:00Z"));
        Assert.Equal(all, await ListAsync("until=2999-01-01T00:00:00Z"));
        Assert.Empty(await ListAsync("until=2026-01-01T00:00:00%2B01:00"));
    }

    [Theory]
    [InlineData("search?label=a%20b", "labels")]
    [InlineData("search?label=", "labels")]
    [InlineData("search?label=1&label=2&label=3&label=4&label=5&label=6&label=7&label=8&label=9", "labels")]
    public async Task Labels_that_cannot_be_are_refused(string path, string key)
    {
        var (status, body) = await _api.PostAsync($"/api/{path}", "[]");
        Assert.Equal((400, key), (status, (string?)JsonNode.Parse(body)!["key"]));
    }

    [Theory]
    [InlineData("GET", "jobs?stat=failed", "stat")]
    [InlineData("GET", "jobs?since=yesterday", "since")]
    [InlineData("GET", "jobs/20261122-081653-k3f9x2?x=1", "x")]
    [InlineData("GET", "jobs/20261122-081653-k3f9x2/results?sucess=true", "sucess")]
    [InlineData("POST", "jobs/20261122-081653-k3f9x2/cancel?forced=true", "forced")]
    [InlineData("POST", "jobs/20261122-081653-k3f9x2/resume?x", "x")]
    [InlineData("POST", "jobs/20261122-081653-k3f9x2/retry?x", "x")]
    [InlineData("DELETE", "jobs/20261122-081653-k3f9x2?file=true", "file")]
    [InlineData("POST", "format?wait=1", "wait")]
    [InlineData("GET", "health?depp", "depp")]
    [InlineData("GET", "health/deep?x", "x")]
    public async Task A_query_parameter_that_is_not_known_is_refused_by_its_name(string method, string path, string key)
    {
        var (status, body) = await _api.SendAsync(new HttpMethod(method), $"/api/{path}");
        Assert.Equal((400, key), (status, (string?)JsonNode.Parse(body)!["key"]));
    }

    [Fact]
    public async Task Each_deed_is_a_line_with_its_caller_and_none_has_what_the_job_holds()
    {
        var id = await SubmitAsync("?label=night");
        await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results");
        await _api.PostAsync($"/api/jobs/{id}/cancel", "");
        await _api.PostAsync($"/api/jobs/{id}/cancel?force=true", "");
        await _api.PostAsync($"/api/jobs/{id}/resume", "");
        var retry = (string)JsonNode.Parse((await _api.PostAsync($"/api/jobs/{id}/retry", "")).Body)!["id"]!;
        await _host.Jobs.WaitAsync(retry, CancellationToken.None);
        await _api.SendAsync(HttpMethod.Delete, $"/api/jobs/{id}");
        await _api.SendAsync(HttpMethod.Delete, "/api/jobs/1.2.840.Doe");

        Assert.Equal(
            [
                $"Audit: ward submitted the Search job {id} (labels: night)",
                $"Audit: ward reads the records of the job {id}",
                $"Audit: ward asked to cancel the job {id}: Conflict",
                $"Audit: ward asked to end the job {id}: Conflict",
                $"Audit: ward asked to resume the job {id}: Conflict",
                $"Audit: ward submitted the Search job {retry} (labels: night)",
                $"Audit: ward asked to retry the job {id}: Done",
                $"Audit: ward asked to delete the job {id}: Done",
                "Audit: ward asked to delete the job (no valid id): NotFound",
            ],
            _log.Lines.Where(line => line.StartsWith("Audit: ", StringComparison.Ordinal)));
    }

    private async Task<string> SubmitAsync(string query, params string[] labels)
    {
        var requests = new JsonArray(JsonNode.Parse(CoreHost.SearchJson("studies", """{"PatientName":"Doe"}""")));
        var body = new JsonObject { ["requests"] = requests };
        if (labels.Length > 0)
            body["labels"] = new JsonArray([.. labels.Select(label => (JsonNode)label)]);
        var (status, answer) = await _api.PostAsync("/api/search" + query, body.ToJsonString());
        Assert.Equal(202, status);
        var id = (string)JsonNode.Parse(answer)!["id"]!;
        await _host.Jobs.WaitAsync(id, CancellationToken.None);
        return id;
    }

    private async Task<IEnumerable<string>> ListAsync(string query)
    {
        var (status, body) = await _api.SendAsync(HttpMethod.Get, "/api/jobs?" + query);
        Assert.Equal(200, status);
        return JsonNode.Parse(body)!["jobs"]!.AsArray().Select(job => (string)job!["id"]!);
    }

    private sealed class HeaderCallers : ICallers
    {
        public string? NameOf(HttpRequest request) => request.Headers["Caller"];
    }
}
