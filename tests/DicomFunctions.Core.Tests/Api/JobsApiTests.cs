using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

public sealed class JobsApiTests : IAsyncLifetime
{
    private CoreHost _host = null!;
    private ApiServer _api = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync();
        _api = await ApiServer.StartAsync(_host);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task List_pages_lead_to_one_another()
    {
        HashSet<string> ids = [];
        for (var i = 0; i < 5; i++)
            ids.Add(await RunAsync(CoreHost.SearchJson()));
        List<string> seen = [];
        for (var url = "/api/jobs?limit=2"; url is not null;)
        {
            var (status, body) = await _api.SendAsync(HttpMethod.Get, url);
            Assert.Equal(200, status);
            var page = JsonNode.Parse(body)!;
            seen.AddRange(page["jobs"]!.AsArray().Select(job => (string)job!["id"]!));
            url = (string?)page["next"];
        }

        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), seen);
    }

    [Theory]
    [InlineData("from=0&count=2", "0 1")]
    [InlineData("from=2&count=2", "2 3")]
    [InlineData("from=4", "4 5")]
    [InlineData("from=6&count=1", "")]
    [InlineData("success=false&count=1", "1")]
    [InlineData("success=false&from=1&count=9", "3 5")]
    [InlineData("success=true&from=1&count=1&format=json", "2")]
    [InlineData("from=1&count=3&format=json", "1 2 3")]
    public async Task Results_can_be_read_in_pages(string query, string numbers)
    {
        _host.Server.Before = async context =>
        {
            var uid = context.Request.Query["StudyInstanceUID"].ToString();
            if (int.Parse(uid[2..], System.Globalization.CultureInfo.InvariantCulture) % 2 == 0)
                return false;
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("{}");
            return true;
        };
        var id = await _host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Search, BufferSize = 1, MaxWorkers = 2 },
            Enumerable.Range(0, 6).Select(i => CoreHost.SearchJson("studies", $$"""{"StudyInstanceUID":"1.{{i}}"}""")));

        var (status, body) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results?{query}");

        Assert.Equal(200, status);
        var records = query.Contains("json", StringComparison.Ordinal)
            ? JsonNode.Parse(body)!.AsArray()
            : [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line))];
        Assert.Equal(
            numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            records.Select(record => ((string)record!["input"]!["params"]!["StudyInstanceUID"]!)[2..]));
    }

    [Fact]
    public async Task List_keeps_what_passes_its_filters_and_they_go_on_to_the_next_page()
    {
        var search = await RunAsync(CoreHost.SearchJson());
        var upload = await _host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString() }, "\"drop/x\"");
        var other = await RunAsync(CoreHost.SearchJson());

        Assert.Equal([other, search], await ListAsync("kind=search"));
        Assert.Equal([other, search], await ListAsync("kind=search&limit=1"));
        Assert.Equal([other, upload, search], await ListAsync("kind=search,upload&state=running,completed"));
        Assert.Equal([other, upload, search], await ListAsync("kind=search&kind=upload"));
        Assert.Empty(await ListAsync("state=failed"));

        async Task<List<string>> ListAsync(string query)
        {
            List<string> ids = [];
            for (var url = "/api/jobs?" + query; url is not null;)
            {
                var page = JsonNode.Parse((await _api.SendAsync(HttpMethod.Get, url)).Body)!;
                ids.AddRange(page["jobs"]!.AsArray().Select(job => (string)job!["id"]!));
                url = (string?)page["next"];
            }

            return ids;
        }
    }

    [Fact]
    public async Task Answers_are_kept_by_no_cache_and_taken_for_nothing_but_their_type()
    {
        var id = await RunAsync(CoreHost.SearchJson());
        using var search = new StringContent(CoreHost.SearchJson());
        using var searched = await _api.Http.PostAsync("/api/search?wait=30", search);
        AssertPrivate(searched);
        foreach (var path
            in new[] { "jobs", $"jobs/{id}", $"jobs/{id}/results", "jobs/20261122-081653-k3f9x2", "jobs?limit=0", "health", "overview" })
        {
            using var answer = await _api.Http.GetAsync("/api/" + path);
            AssertPrivate(answer);
        }

        static void AssertPrivate(HttpResponseMessage answer)
        {
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Theory]
    [InlineData("/api/jobs?limit=0", "limit")]
    [InlineData("/api/jobs?limit=1001", "limit")]
    [InlineData("/api/jobs?limit=x", "limit")]
    [InlineData("/api/jobs?before=../x", "before")]
    [InlineData("/api/jobs?state=done", "state")]
    [InlineData("/api/jobs?state=failed,", "state")]
    [InlineData("/api/jobs?kind=study", "kind")]
    [InlineData("/api/jobs/20261122-081653-k3f9x2/results?success=maybe", "success")]
    [InlineData("/api/jobs/20261122-081653-k3f9x2/results?from=-1", "from")]
    [InlineData("/api/jobs/20261122-081653-k3f9x2/results?count=0", "count")]
    public async Task Bad_queries_name_their_key(string url, string key)
    {
        var (status, body) = await _api.SendAsync(HttpMethod.Get, url);
        Assert.Equal((400, key), (status, (string?)JsonNode.Parse(body)!["key"]));
    }

    [Theory]
    [InlineData("20261122-081653-k3f9x2")]
    [InlineData("..%2f..%2fetc")]
    [InlineData("%00")]
    [InlineData("x")]
    public async Task A_job_that_is_not_there_is_404_on_every_route(string id)
    {
        foreach (var (method, suffix) in new[]
        {
            (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Get, "/results"), (HttpMethod.Post, "/cancel"),
            (HttpMethod.Post, "/resume"), (HttpMethod.Post, "/retry"),
        })
        {
            var (status, body) = await _api.SendAsync(method, $"/api/jobs/{id}{suffix}");
            if (id == "%00")
                Assert.InRange(status, 400, 404);
            else
                Assert.Equal((404, "There is no such job."), (status, (string?)JsonNode.Parse(body)!["detail"]));
        }
    }

    [Fact]
    public async Task A_finished_job_can_be_read_retried_and_deleted_and_nothing_else()
    {
        var id = await RunAsync(CoreHost.SearchJson(), "{}");
        var (_, view) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}");
        var job = JsonNode.Parse(view)!;
        Assert.Equal(
            ("search", "completed", 1, 1),
            ((string?)job["kind"], (string?)job["state"], (int)job["progress"]!["succeeded"]!, (int)job["progress"]!["failed"]!));
        foreach (var (query, lines) in new[] { ("", 2), ("?success=true", 1), ("?success=false", 1) })
            Assert.Equal(lines, (await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results{query}")).Body.Split('\n').Length - 1);
        Assert.Equal(
            2, JsonNode.Parse(
                (await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results", accept: "application/json")).Body)!.AsArray().Count);
        Assert.Equal(409, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/cancel")).Status);
        Assert.Equal(409, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/resume")).Status);
        var (status, retried) = await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/retry");
        Assert.Equal(202, status);
        var next = (string)JsonNode.Parse(retried)!["id"]!;
        Assert.Equal($"/api/jobs/{next}", (string?)JsonNode.Parse(retried)!["status_url"]);
        Assert.Equal(id, (await _host.Jobs.WaitAsync(next, CancellationToken.None).InTime())!.RetryOf);
        Assert.Equal(204, (await _api.SendAsync(HttpMethod.Delete, $"/api/jobs/{id}")).Status);
        Assert.Equal(404, (await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}")).Status);
    }

    [Fact]
    public async Task A_running_job_can_be_cancelled_and_not_deleted_or_retried()
    {
        var go = new TaskCompletionSource();
        _host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var id = await _host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines([CoreHost.SearchJson()]), CancellationToken.None);
        Assert.Equal(409, (await _api.SendAsync(HttpMethod.Delete, $"/api/jobs/{id}")).Status);
        Assert.Equal(409, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/retry")).Status);
        var (status, body) = await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/cancel");
        Assert.Equal((202, "cancelling"), (status, (string?)JsonNode.Parse(body)!["state"]));
        go.SetResult();
        await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime();
    }

    [Fact]
    public async Task A_failed_job_can_be_resumed()
    {
        _host.Objects.Fault = (member, _) => member == "StageBlockAsync" && !_host.Engine.Executions.IsEmpty
            ? new ObjectStoreException("full")
            : null;
        var id = await RunAsync(CoreHost.SearchJson());
        var (_, view) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}");
        Assert.Equal("failed", (string?)JsonNode.Parse(view)!["state"]);
        Assert.Equal(409, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/retry")).Status);
        Assert.Equal((200, ""), await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results"));
        _host.Objects.IsDown = false;
        Assert.Equal(202, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/resume")).Status);
        Assert.Equal(JobStatus.Completed, (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
    }

    [Fact]
    public async Task A_running_job_cancelled_by_force_is_failed_and_resumes()
    {
        var (stuck, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _host.Server.Before = async _ =>
        {
            stuck.TrySetResult();
            await go.Task;
            return false;
        };
        var id = await _host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines([CoreHost.SearchJson()]), CancellationToken.None);
        await stuck.Task.InTime();

        var (status, body) = await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/cancel?force=true");

        Assert.Equal((202, "failed"), (status, (string?)JsonNode.Parse(body)!["state"]));
        Assert.Equal(409, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/cancel?force=true")).Status);
        go.SetResult();
        Assert.Equal(202, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/resume")).Status);
        Assert.Equal(JobStatus.Completed, (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
    }

    [Fact]
    public async Task A_damaged_job_is_listed_as_such_and_deleted()
    {
        var there = await RunAsync(CoreHost.SearchJson());
        var id = await RunAsync(CoreHost.SearchJson());
        await _host.PutAsync(new JobFiles(id).Spec, []);

        var (status, list) = await _api.SendAsync(HttpMethod.Get, "/api/jobs");
        var job = JsonNode.Parse(list)!["jobs"]!.AsArray().Single(job => (string)job!["id"]! == id)!;
        Assert.Equal((200, "damaged"), (status, (string?)job["state"]));
        Assert.Contains("job.json", (string?)job["failure"], StringComparison.Ordinal);
        Assert.Equal(200, (await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results")).Status);
        foreach (var action in new[] { "resume", "retry", "cancel" })
            Assert.Equal(409, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{id}/{action}")).Status);
        Assert.Equal(204, (await _api.SendAsync(HttpMethod.Delete, $"/api/jobs/{id}")).Status);
        Assert.Equal(404, (await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}")).Status);
        Assert.Equal(200, (await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{there}")).Status);
    }

    [Fact]
    public async Task Results_a_missing_file_is_a_problem_and_no_broken_answer()
    {
        var id = await RunAsync(CoreHost.SearchJson());
        File.Delete(_host.Folder.Combine("store", new JobFiles(id).Part(0)));

        var (status, body) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results");

        Assert.Equal((409, "The job is damaged: results/00000.ndjson is missing."), (status, (string?)JsonNode.Parse(body)!["detail"]));
    }

    [Theory]
    [InlineData("search")]
    [InlineData("upload?destination=projects/p/locations/l/datasets/d/dicomStores/s")]
    [InlineData("jobs/{id}/retry")]
    public async Task A_job_the_engine_could_not_be_told_of_is_named_by_the_503(string path)
    {
        var id = await RunAsync("{}");
        _host.Engine.OnStart = () =>
        {
            _host.Engine.OnGet = () => throw new ObjectStoreException("no engine");
            throw new ObjectStoreException("no engine");
        };

        using var content = new StringContent("[]");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/" + path.Replace("{id}", id, StringComparison.Ordinal));
        request.Content = content;
        using var answer = await _api.Http.SendAsync(request);

        (_host.Engine.OnStart, _host.Engine.OnGet) = (null, null);
        var named = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["job_id"];
        Assert.Equal((503, $"/api/jobs/{named}"), ((int)answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Equal(202, (await _api.SendAsync(HttpMethod.Post, $"/api/jobs/{named}/resume")).Status);
        await _host.Jobs.WaitAsync(named!, CancellationToken.None).InTime();
    }

    [Fact]
    public async Task A_request_the_engine_refuses_is_503_and_names_nothing()
    {
        _host.Engine.OnStart = () => throw new ObjectStoreException("no");

        var (status, body) = await _api.PostAsync("/api/search", "[]");

        Assert.Equal((503, null), (status, (string?)JsonNode.Parse(body)!["job_id"]));
        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    private Task<string> RunAsync(params string[] inputs) => _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, inputs);
}
