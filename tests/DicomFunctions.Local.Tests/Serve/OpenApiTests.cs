using System.Net;
using DicomFunctions.Local.Serve;
using DicomFunctions.Testing;
using DicomFunctions.Testing.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace DicomFunctions.Local.Tests.Serve;

/// <summary>The document describes what this host serves, and how it refuses requests.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef";

    private static readonly ApiDocument Document = ApiDocument.Load();

    private readonly TempFolder _folder = new();
    private readonly List<WebApplication> _hosts = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Operations_are_the_routes()
    {
        var served = ((IEndpointRouteBuilder)Build(Key)).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
            // The fallback accepts any method.
            .SelectMany(
                endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText}") ?? []);

        Assert.Equal(
            // What leads to the dashboard is no operation of the API.
            Document.MethodsAndPaths.Concat(["GET /", "HEAD /"]).Order(StringComparer.Ordinal),
            served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_the_key_every_operation_that_is_not_open_is_401()
    {
        using var http = await StartAsync(Key);
        foreach (var operation in Document.Operations)
        {
            var isKeyed = operation.Security is null;
            using var answer = await SendAsync(http, operation);
            Assert.True(isKeyed == (answer.StatusCode == HttpStatusCode.Unauthorized), operation.ToString());
            Assert.Empty(await Document.ProblemsAsync(operation, answer));
        }
    }

    [Theory]
    [InlineData("functionKey")]
    [InlineData("functionKeyInQuery")]
    public async Task With_the_key_as_the_document_says_to_give_it_nothing_is_401(string name)
    {
        var scheme = Document.Root["components"]!["securitySchemes"]![name]!;
        var parameter = (string)scheme["name"]!;
        using var http = await StartAsync(Key);
        if ((string?)scheme["in"] == "header")
            http.DefaultRequestHeaders.Add(parameter, Key);
        foreach (var operation in Document.Operations.Where(operation => operation.Security is null))
        {
            using var answer = await SendAsync(http, operation, (string?)scheme["in"] == "query" ? $"?{parameter}={Key}" : "");
            Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Empty(await Document.ProblemsAsync(operation, answer));
        }
    }

    [Fact]
    public async Task From_a_web_page_of_another_site_every_operation_that_is_not_open_is_403()
    {
        using var http = await StartAsync(key: null);
        http.DefaultRequestHeaders.Add("Origin", "http://elsewhere.example");
        foreach (var operation in Document.Operations.Where(operation => operation.Security is null))
        {
            using var answer = await SendAsync(http, operation);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Empty(await Document.ProblemsAsync(operation, answer));
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, ApiOperation operation, string query = "") =>
        http.SendAsync(new HttpRequestMessage(
            new HttpMethod(operation.Method),
            $"/api{operation.Path.Replace("{id}", "20261122-081653-k3f9x2", StringComparison.Ordinal)}{query}"));

    private async Task<HttpClient> StartAsync(string? key)
    {
        var host = Build(key);
        await host.StartAsync();
        return new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
    }

    private WebApplication Build(string? key)
    {
        var host = ServeHost.Build(new Dictionary<string, string?>
        {
            ["DicomFunctions:Local:DataDirectory"] = _folder.Combine("data"),
            ["DicomFunctions:Local:Url"] = "http://127.0.0.1:0",
            ["DicomFunctions:Local:ApiKey"] = key,
        });
        _hosts.Add(host);
        return host;
    }
}
