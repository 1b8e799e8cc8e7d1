using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace DicomFunctions.Testing.Answers;

/// <summary>
/// A request, and what a host answers. Statuses from 400 come with a problem, unless the Functions host answers by itself.
/// </summary>
public sealed record HostAnswer(string Method, string Path, int Status)
{
    public string? Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Sent without its length.</summary>
    public bool IsChunked { get; init; }

    public bool IsWithoutKey { get; init; }

    /// <summary>How the problem's detail begins; null: there is no problem.</summary>
    public string? Detail { get; init; }

    public string? Allow { get; init; }

    /// <summary>
    /// What the Functions host answers before the app is asked, without a body; null: the app answers, as the local host does.
    /// </summary>
    public int? InFunctionsHost { get; init; }

    public async Task CheckAsync(Uri host, string key, bool isFunctionApp)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host };
        using var request = new HttpRequestMessage(new HttpMethod(Method), Path);
        if (!IsWithoutKey)
            request.Headers.Add("x-functions-key", key);
        if (Body is not null)
        {
            request.Content = new StringContent(Body, Encoding.UTF8);
            request.Content.Headers.ContentType = ContentType is null ? null : MediaTypeHeaderValue.Parse(ContentType);
            request.Headers.TransferEncodingChunked = IsChunked;
        }

        using var answer = await http.SendAsync(request).InTime();
        var body = await answer.Content.ReadAsStringAsync();

        Assert.True(
            (int)answer.StatusCode == ((isFunctionApp ? InFunctionsHost : null) ?? Status), $"{this}: {(int)answer.StatusCode} {body}");
        if (isFunctionApp && InFunctionsHost is not null)
        {
            Assert.Empty(body);
            return;
        }

        Assert.Equal(Allow, answer.Content.Headers.Allow.Count == 0 ? null : string.Join(", ", answer.Content.Headers.Allow));
        if (Detail is not null)
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        if (Method == "HEAD")
            Assert.Empty(body);
        else if (Detail is not null)
            CheckProblem(JsonNode.Parse(body)!.AsObject());
    }

    /// <summary>As a line of a test's output.</summary>
    public override string ToString() =>
        $"{Method} {(Path.Length <= 100 ? Path : $"{Path[..20]}… ({Path.Length})")}"
        + $"{(IsWithoutKey ? " without key" : "")}{(IsChunked ? " chunked" : "")}";

    private void CheckProblem(JsonObject problem)
    {
        Assert.Equal(Status, (int?)problem["status"]);
        Assert.StartsWith(Detail!, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.NotEqual("", (string?)problem["title"] ?? "");
        // What can be looked up nowhere, or tells of the host, is not in it.
        Assert.Empty(problem.Select(member => member.Key).Except(["type", "title", "status", "detail", "key"]));
    }
}
