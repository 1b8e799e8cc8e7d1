using DicomFunctions.Core.Api;

namespace DicomFunctions.Local.Serve;

/// <summary>The HTTP API, under <c>/api</c> as on Azure. Endpoints open to everyone allow anonymous requests.</summary>
internal static class ApiRoutes
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var submit = app.ServiceProvider.GetRequiredService<SubmitApi>();
        var jobs = app.ServiceProvider.GetRequiredService<JobsApi>();
        var push = app.ServiceProvider.GetRequiredService<PushApi>();
        var overview = app.ServiceProvider.GetRequiredService<OverviewApi>();
        var about = app.ServiceProvider.GetRequiredService<AboutApi>();
        var api = app.MapGroup("/api");
        api.MapPost("/search", (HttpRequest request) => submit.SearchAsync(request));
        api.MapPost("/retrieve", (HttpRequest request) => submit.RetrieveAsync(request));
        api.MapPost("/upload", (HttpRequest request) => submit.UploadAsync(request));
        api.MapPost("/format", (HttpRequest request) => submit.FormatAsync(request));
        api.MapPost("/pubsub/push", (HttpRequest request) => push.PushAsync(request)).AllowAnonymous();
        api.MapMethods("/jobs", Reading, (HttpRequest request) => jobs.ListAsync(request));
        api.MapMethods("/jobs/{id}", Reading, (HttpRequest request, string id) => jobs.GetAsync(request, id));
        api.MapMethods("/jobs/{id}/results", Reading, (HttpRequest request, string id) => jobs.ResultsAsync(request, id));
        api.MapPost("/jobs/{id}/cancel", (HttpRequest request, string id) => jobs.CancelAsync(request, id));
        api.MapPost("/jobs/{id}/resume", (HttpRequest request, string id) => jobs.ResumeAsync(request, id));
        api.MapPost("/jobs/{id}/retry", (HttpRequest request, string id) => jobs.RetryAsync(request, id));
        api.MapDelete("/jobs/{id}", (HttpRequest request, string id) => jobs.DeleteAsync(request, id));
        api.MapMethods("/health", Reading, (HttpRequest request) => about.HealthAsync(request)).AllowAnonymous();
        api.MapMethods("/health/deep", Reading, (HttpRequest request) => about.DeepHealthAsync(request));
        api.MapMethods("/openapi.json", Reading, (HttpRequest request) => AboutApi.OpenApi(request));
        api.MapMethods("/overview", Reading, (HttpRequest request) => overview.GetAsync(request));
        api.MapMethods("/dashboard", Reading, (HttpRequest request) => DashboardPage.Page(request)).AllowAnonymous();
        api.MapMethods("/dashboard/{file}", Reading, (HttpRequest request, string file) => DashboardPage.File(request, file))
            .AllowAnonymous();
        app.MapMethods("/", Reading, (HttpRequest request) => DashboardPage.Home(request)).AllowAnonymous();
        app.MapFallback("{*path}", (HttpRequest request) => NoSuchOperation.Answer(request));
    }
}
