using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.EndToEnd;

/// <summary>What a user of the API does, over HTTP.</summary>
internal sealed class FunctionAppClient(FunctionApp app)
{
    /// <summary>Posts JSON and expects an answer of that status.</summary>
    public Task<string> PostAsync(string path, string json, HttpStatusCode expected = HttpStatusCode.OK) =>
        PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), expected);

    public async Task<string> PostAsync(string path, HttpContent content, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await app.Http.PostAsync(new Uri("api/" + path, UriKind.Relative), content);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"POST {path}: {(int)answer.StatusCode} {body}");
        return body;
    }

    public async Task<string> GetAsync(string path)
    {
        using var answer = await app.Http.GetAsync(new Uri("api/" + path, UriKind.Relative));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {(int)answer.StatusCode} {body}");
        return body;
    }

    /// <summary>Posts a job and gives its id.</summary>
    public async Task<string> SubmitAsync(string path, string json)
    {
        var accepted = JsonNode.Parse(await PostAsync(path, json, HttpStatusCode.Accepted))!;
        return accepted["id"]!.GetValue<string>();
    }

    /// <summary>The job once it has ended.</summary>
    public Task<JsonNode> EndOfAsync(string id, TimeSpan atMost) => Eventually.FoundAsync(
        async () =>
        {
            var job = JsonNode.Parse(await GetAsync("jobs/" + id))!;
            return job["state"]!.GetValue<string>() is "pending" or "running" or "cancelling" ? null : job;
        },
        $"the job {id} ends",
        atMost);

    public async Task<List<JsonNode>> ResultsAsync(string id) => Records(await GetAsync($"jobs/{id}/results"));

    /// <summary>Newest first.</summary>
    public async Task<List<JsonNode>> JobsAsync() => [.. JsonNode.Parse(await GetAsync("jobs"))!["jobs"]!.AsArray().Select(job => job!)];

    public static List<JsonNode> Records(string ndjson) =>
        [.. ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
