using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.App.Triggers;

/// <summary>The requests that inspect and control jobs.</summary>
public sealed class JobFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly JobsApi _api = services.GetRequiredService<JobsApi>();

    [Function("ListJobs")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => _api.ListAsync(request));

    [Function("GetJob")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id) =>
        invocation.UseAsync(client, () => _api.GetAsync(request, id));

    [Function("GetJobResults")]
    public Task<IResult> ResultsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs/{id}/results")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id) =>
        invocation.UseAsync(client, () => _api.ResultsAsync(request, id));

    [Function("CancelJob")]
    public Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/{id}/cancel")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id) =>
        invocation.UseAsync(client, () => _api.CancelAsync(request, id));

    [Function("ResumeJob")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/{id}/resume")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id) =>
        invocation.UseAsync(client, () => _api.ResumeAsync(request, id));

    [Function("RetryJob")]
    public Task<IResult> RetryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/{id}/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id) =>
        invocation.UseAsync(client, () => _api.RetryAsync(request, id));

    [Function("DeleteJob")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/jobs/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id) =>
        invocation.UseAsync(client, () => _api.DeleteAsync(request, id));
}
