using DicomFunctions.Core.Http;

namespace DicomFunctions.Local.Serve;

/// <summary>The HTTP surface, under <c>/api</c> as on Azure.</summary>
internal static class ApiRoutes
{
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var submit = app.ServiceProvider.GetRequiredService<SubmitApi>();
        var jobs = app.ServiceProvider.GetRequiredService<JobsApi>();
        var about = app.ServiceProvider.GetRequiredService<AboutApi>();
        var api = app.MapGroup("/api");
        api.MapPost("/search", submit.SearchAsync);
        api.MapPost("/upload", submit.UploadAsync);
        api.MapPost("/format", submit.FormatAsync);
        api.MapGet("/jobs", jobs.ListAsync);
        api.MapGet("/jobs/{id}", jobs.GetAsync);
        api.MapGet("/jobs/{id}/results", jobs.ResultsAsync);
        api.MapPost("/jobs/{id}/cancel", jobs.CancelAsync);
        api.MapPost("/jobs/{id}/resume", jobs.ResumeAsync);
        api.MapPost("/jobs/{id}/retry", jobs.RetryAsync);
        api.MapDelete("/jobs/{id}", jobs.DeleteAsync);
        api.MapGet("/health", about.HealthAsync);
        api.MapGet("/openapi.json", AboutApi.OpenApi);
        app.MapFallback(() => Results.Problem("There is nothing at this address. See /api/openapi.json.", statusCode: 404, title: "Not found"));
    }
}
