using System.Net;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

/// <summary>HEAD, and the headers by which a client asks neither too often nor for what it has.</summary>
public sealed class RevalidationTests : IAsyncLifetime
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
    public async Task Job_is_sent_again_once_it_has_made_progress()
    {
        var go = new TaskCompletionSource();
        _host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var id = await _host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines([CoreHost.SearchJson()]), CancellationToken.None);
        await Eventually.HoldsAsync(async () => (string?)(await JobAsync(id))["state"] == "running", "the job runs");
        using var first = await _api.Http.GetAsync($"/api/jobs/{id}");

        Assert.True(first.Headers.ETag!.IsWeak);
        Assert.Equal((HttpStatusCode.NotModified, ""), await AskAgainAsync());
        go.SetResult();
        await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime();
        var (status, body) = await AskAgainAsync();
        Assert.Equal((HttpStatusCode.OK, "completed"), (status, (string?)JsonNode.Parse(body)!["state"]));

        async Task<(HttpStatusCode Status, string Body)> AskAgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/jobs/{id}");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var answer = await _api.Http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("*", 304)]
    [InlineData("\"other\"", 200)]
    [InlineData("no tag", 200)]
    public async Task The_document_is_sent_unless_the_client_has_it(string tags, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json");
        Assert.True(request.Headers.TryAddWithoutValidation("If-None-Match", tags));
        using var answer = await _api.Http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.False(answer.Headers.ETag!.IsWeak);
    }

    [Fact]
    public async Task Accepted_and_unavailable_say_when_to_ask_next_and_no_other_answer_does()
    {
        using var body = new StringContent("[]");
        using var accepted = await _api.Http.PostAsync("/api/search", body);
        Assert.Equal((HttpStatusCode.Accepted, TimeSpan.FromSeconds(1)), (accepted.StatusCode, accepted.Headers.RetryAfter?.Delta));
        using var found = await _api.Http.GetAsync(accepted.Headers.Location);
        Assert.Equal((HttpStatusCode.OK, null), (found.StatusCode, found.Headers.RetryAfter));
        _host.Objects.IsDown = true;
        using var unavailable = await _api.Http.GetAsync("/api/jobs");
        _host.Objects.IsDown = false;
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)),
            (unavailable.StatusCode, unavailable.Headers.RetryAfter?.Delta));
    }

    [Fact]
    public async Task Head_has_the_status_and_the_type_of_GET_and_no_body()
    {
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        foreach (var path in new[]
        {
            "jobs", "jobs?limit=0", $"jobs/{id}", "jobs/no-id", $"jobs/{id}/results", $"jobs/{id}/results?format=csv", "health",
            "health?deep",
            "health/deep", "openapi.json", "overview", "dashboard", "dashboard/app.js", "dashboard/none.js",
        })
        {
            using var got = await _api.Http.GetAsync($"/api/{path}");
            using var head = await _api.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/api/{path}"));
            Assert.Equal(
                (path, got.StatusCode, got.Headers.ETag, got.Content.Headers.ContentType),
                (path, head.StatusCode, head.Headers.ETag, head.Content.Headers.ContentType));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    private async Task<JsonNode> JobAsync(string id) =>
        JsonNode.Parse((await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}")).Body)!;
}
