using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.App.Triggers;

/// <summary>The dashboard, and the overview that it shows. Page and files need no key, since they hold nothing.</summary>
public sealed class DashboardFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly OverviewApi _api = services.GetRequiredService<OverviewApi>();

    [Function("Overview")]
    public Task<IResult> OverviewAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/overview")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => _api.GetAsync(request));

    [Function("Dashboard")]
    public static IResult Dashboard(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/dashboard")] HttpRequest request) =>
        DashboardPage.Page(request);

    [Function("DashboardFile")]
    public static IResult DashboardFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/dashboard/{file}")] HttpRequest request, string file) =>
        DashboardPage.File(request, file);

    /// <summary>
    /// Leads from <c>/</c> to the dashboard. The host takes an empty route for the function's name, so this is one that only nothing
    /// matches. It needs the setting <c>AzureWebJobsDisableHomepage</c>, without which the host shows a page of its own.
    /// </summary>
    [Function("Home")]
    public static IResult Home(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "{nothing:maxlength(0)?}")] HttpRequest request) =>
        DashboardPage.Home(request);
}
