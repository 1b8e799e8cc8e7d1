using DicomFunctions.Core.Http;

namespace DicomFunctions.Local.Serve;

/// <summary>The HTTP surface, under <c>/api</c> as on Azure.</summary>
internal static class ApiRoutes
{
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var submit = app.ServiceProvider.GetRequiredService<SubmitApi>();
        var jobs = app.ServiceProvider.GetRequiredService<JobsApi>();
        var push = app.ServiceProvider.GetRequiredService<PushApi>();
        var about = app.ServiceProvider.GetRequiredService<AboutApi>();
        var api = app.MapGroup("/api");
        api.MapPost("/search", (HttpRequest request) => submit.SearchAsync(request));
        api.MapPost("/upload", (HttpRequest request) => submit.UploadAsync(request));
        api.MapPost("/format", (HttpRequest request) => submit.FormatAsync(request));
        api.MapPost("/pubsub/push", (HttpRequest request) => push.PushAsync(request));
        api.MapGet("/jobs", (HttpRequest request) => jobs.ListAsync(request));
        api.MapGet("/jobs/{id}", (HttpRequest request, string id) => jobs.GetAsync(request, id));
        api.MapGet("/jobs/{id}/results", (HttpRequest request, string id) => jobs.ResultsAsync(request, id));
        api.MapPost("/jobs/{id}/cancel", (HttpRequest request, string id) => jobs.CancelAsync(request, id));
        api.MapPost("/jobs/{id}/resume", (HttpRequest request, string id) => jobs.ResumeAsync(request, id));
        api.MapPost("/jobs/{id}/retry", (HttpRequest request, string id) => jobs.RetryAsync(request, id));
        api.MapDelete("/jobs/{id}", (HttpRequest request, string id) => jobs.DeleteAsync(request, id));
        api.MapGet("/health", (HttpRequest request) => about.HealthAsync(request));
        api.MapGet("/health/deep", (HttpRequest request) => about.DeepHealthAsync(request));
        api.MapGet("/openapi.json", AboutApi.OpenApi);
        api.MapGet("/dashboard", (HttpRequest request) => AboutApi.Dashboard(request));
    }
}
