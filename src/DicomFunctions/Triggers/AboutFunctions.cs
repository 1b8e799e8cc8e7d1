using System.Diagnostics.CodeAnalysis;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.App.Triggers;

/// <summary>Health, API document, and whatever is no operation of the API.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger must be a parameter, even if it is not used.")]
public sealed class AboutFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly AboutApi _api = services.GetRequiredService<AboutApi>();

    [Function("Health")]
    public Task<IResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => _api.HealthAsync(request));

    [Function("DeepHealth")]
    public Task<IResult> DeepHealthAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/health/deep")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => _api.DeepHealthAsync(request));

    [Function("OpenApi")]
    public static IResult OpenApi(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/openapi.json")] HttpRequest request) =>
        AboutApi.OpenApi(request);

    /// <summary>Answers all requests that no other function handles. The host tries functions by name, so this must be the last.</summary>
    [Function("WrongPathOrMethod")]
    public static IResult WrongPathOrMethod([HttpTrigger(AuthorizationLevel.Function, Route = "{*path}")] HttpRequest request) =>
        NoSuchOperation.Answer(request);
}
