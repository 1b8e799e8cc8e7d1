using System.Text.Json.Nodes;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing.OpenApi;
using Xunit;

namespace DicomFunctions.Core.Tests.Api.OpenApi;

/// <summary>That what the document says can be asked for is what is taken, and nothing else.</summary>
public sealed class OptionTests : IAsyncLifetime
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    private static readonly ApiDocument Document = ApiDocument.Load();

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

    [Theory]
    [InlineData("SearchJob", "search", "requests")]
    [InlineData("RetrieveJob", "retrieve", "requests")]
    [InlineData("UploadJob", "upload", "inputs")]
    [InlineData("Messages", "format", "messages")]
    public async Task Options_of_a_body_are_those_declared(string schema, string path, string array)
    {
        var declared = Document.Schema(schema)["properties"]!.AsObject().Select(property => property.Key).ToHashSet();
        HashSet<string> taken = [array];
        foreach (var option in EveryName().Where(name => name != array))
        {
            var (_, body) = await _api.PostAsync($"/api/{path}", $"{{\"{array}\":[],\"{option}\":[]}}");
            if (!body.Contains($"Unknown option '{option}'.", StringComparison.Ordinal))
                taken.Add(option);
        }

        Assert.Equal(declared.Order(), taken.Order());
    }

    [Theory]
    [InlineData("search")]
    [InlineData("retrieve")]
    [InlineData("upload")]
    public async Task Query_parameters_are_those_declared(string path)
    {
        var declared = Declared(path).Append("code");
        List<string> taken = [];
        foreach (var name in EveryName())
        {
            var (_, body) = await _api.PostAsync($"/api/{path}?{name}=~", "[]");
            if (!body.Contains($"Unknown query parameter '{name}'.", StringComparison.Ordinal))
                taken.Add(name);
        }

        Assert.Equal(declared.Order(), taken.Order());
    }

    [Theory]
    [InlineData("buffer_size", "BufferSize")]
    [InlineData("max_workers", "MaxWorkers")]
    public async Task Bounds_are_those_declared(string option, string schema)
    {
        var (least, most) = ((int)Document.Schema(schema)["minimum"]!, (int)Document.Schema(schema)["maximum"]!);
        foreach (var (value, isTaken) in new[] { (least - 1, false), (least, true), (most, true), (most + 1, false) })
        {
            foreach (var (path, array, more) in new[] { ("search", "requests", ""), ("upload", "inputs", $",\"destination\":\"{Store}\"") })
            {
                Assert.Equal(
                    isTaken ? 202 : 400, (await _api.PostAsync($"/api/{path}", $"{{\"{array}\":[],\"{option}\":{value}{more}}}")).Status);
                Assert.Equal(
                    isTaken ? 202 : 400, (await _api.PostAsync($"/api/{path}?{option}={value}", $"{{\"{array}\":[]{more}}}")).Status);
            }
        }
    }

    [Fact]
    public async Task Limit_of_jobs_is_bound_as_declared()
    {
        var limit = Document.Operations.Single(operation => operation.Id == "listJobs").Parameters
            .Single(parameter => (string?)parameter["name"] == "limit")["schema"]!;
        var (least, most) = ((int)limit["minimum"]!, (int)limit["maximum"]!);
        foreach (var (value, status) in new[] { (least - 1, 400), (least, 200), (most, 200), (most + 1, 400) })
            Assert.Equal(status, (await _api.SendAsync(HttpMethod.Get, $"/api/jobs?limit={value}")).Status);
        for (var i = 0; i <= (int)limit["default"]!; i++)
            await _api.PostAsync("/api/search?wait=30", "[]");
        var (_, page) = await _api.SendAsync(HttpMethod.Get, "/api/jobs");
        Assert.Equal((int)limit["default"]!, JsonNode.Parse(page)!["jobs"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_the_document_gives_as_examples_is_taken()
    {
        foreach (var (path, query) in new[] { ("search", "?wait=0"), ("retrieve", "?wait=0"), ("upload", "?wait=0"), ("format", "") })
        {
            var body = Document.Find("POST", $"/api/{path}")!.Node["requestBody"]!["content"]!["application/json"]!["example"]!;
            Assert.Equal(path == "format" ? 200 : 202, (await _api.PostAsync($"/api/{path}{query}", body.ToJsonString())).Status);
        }
    }

    [Fact]
    public async Task What_the_body_says_wins_over_the_query()
    {
        var (_, body) = await _api.PostAsync("/api/search?buffer_size=2&max_workers=2", "{\"requests\":[],\"max_workers\":7}");
        var (_, job) = await _api.SendAsync(HttpMethod.Get, (string)JsonNode.Parse(body)!["status_url"]!);
        Assert.Equal((2, 7), ((int)JsonNode.Parse(job)!["buffer_size"]!, (int)JsonNode.Parse(job)!["max_workers"]!));
    }

    private static IEnumerable<string> Declared(string path) => Document.Find("POST", $"/api/{path}")!.Parameters
        .Where(parameter => (string?)parameter["in"] == "query").Select(parameter => (string)parameter["name"]!);

    /// <summary>Every name the document has for anything, and every one of what a job can be given inside.</summary>
    private static IEnumerable<string> EveryName() => Document.Root["components"]!["schemas"]!.AsObject()
        .SelectMany(schema => schema.Value!["properties"]?.AsObject().Select(property => property.Key) ?? [])
        .Concat(Document.Operations.SelectMany(operation => operation.Parameters).Select(parameter => (string)parameter["name"]!))
        .Concat(["code", "collapse", "instance", "is_base64", "retry_of", "credential", "client", "base_url", "Requests", "BUFFER_SIZE"])
        .Distinct();
}
