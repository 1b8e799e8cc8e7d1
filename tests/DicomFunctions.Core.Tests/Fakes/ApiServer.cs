using System.Net;
using System.Text;
using DicomFunctions.Core.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>The HTTP handlers on a port of their own, as a host maps them; every answer is compared with the API's document.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private readonly WebApplication _app;
    private readonly DocumentedHandler _documented = new();

    private ApiServer(WebApplication app)
    {
        _app = app;
        Http = new HttpClient(_documented) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>The answers there were, as operation and status.</summary>
    public IEnumerable<(string OperationId, int Status)> Seen => _documented.Seen.Keys;

    public HttpClient Http { get; }

    public int Port => Http.BaseAddress!.Port;

    /// <param name="host">What answers.</param>
    /// <param name="key">What a request for anything but the dashboard must send; null: nothing.</param>
    public static async Task<ApiServer> StartAsync(CoreHost host, string? key = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            var isOpen = key is null || context.Request.Path == "/" || context.Request.Path.StartsWithSegments("/api/dashboard");
            if (isOpen || context.Request.Headers["x-functions-key"] == key)
                await next(context);
            else
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        });
        var submit = host.Services.GetRequiredService<SubmitApi>();
        var jobs = host.Services.GetRequiredService<JobsApi>();
        var push = host.Services.GetRequiredService<PushApi>();
        var overview = host.Services.GetRequiredService<OverviewApi>();
        var about = host.Services.GetRequiredService<AboutApi>();
        app.MapPost("/api/search", (HttpRequest request) => submit.SearchAsync(request));
        app.MapPost("/api/retrieve", (HttpRequest request) => submit.RetrieveAsync(request));
        app.MapPost("/api/upload", (HttpRequest request) => submit.UploadAsync(request));
        app.MapPost("/api/format", (HttpRequest request) => submit.FormatAsync(request));
        app.MapPost("/api/pubsub/push", (HttpRequest request) => push.PushAsync(request));
        app.MapMethods("/api/jobs", Reading, (HttpRequest request) => jobs.ListAsync(request));
        app.MapMethods("/api/jobs/{id}", Reading, (HttpRequest request, string id) => jobs.GetAsync(request, id));
        app.MapDelete("/api/jobs/{id}", (HttpRequest request, string id) => jobs.DeleteAsync(request, id));
        app.MapMethods("/api/jobs/{id}/results", Reading, (HttpRequest request, string id) => jobs.ResultsAsync(request, id));
        app.MapPost("/api/jobs/{id}/cancel", (HttpRequest request, string id) => jobs.CancelAsync(request, id));
        app.MapPost("/api/jobs/{id}/resume", (HttpRequest request, string id) => jobs.ResumeAsync(request, id));
        app.MapPost("/api/jobs/{id}/retry", (HttpRequest request, string id) => jobs.RetryAsync(request, id));
        app.MapMethods("/api/health", Reading, (HttpRequest request) => about.HealthAsync(request));
        app.MapMethods("/api/health/deep", Reading, (HttpRequest request) => about.DeepHealthAsync(request));
        app.MapMethods("/api/openapi.json", Reading, (HttpRequest request) => AboutApi.OpenApi(request));
        app.MapMethods("/", Reading, (HttpRequest request) => DashboardPage.Home(request));
        app.MapMethods("/api/overview", Reading, (HttpRequest request) => overview.GetAsync(request));
        app.MapMethods("/api/dashboard", Reading, (HttpRequest request) => DashboardPage.Page(request));
        app.MapMethods("/api/dashboard/{file}", Reading, (HttpRequest request, string file) => DashboardPage.File(request, file));
        await app.StartAsync();
        return new ApiServer(app);
    }

    public Task<(int Status, string Body)> PostAsync(string url, string body, string type = "application/json") =>
        SendAsync(HttpMethod.Post, url, new StringContent(body, Encoding.UTF8, type));

    public async Task<(int Status, string Body)> SendAsync(
        HttpMethod method, string url, HttpContent? content = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
