using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.App.Triggers;

/// <summary>The requests that submit jobs, and the one that converts messages without a job.</summary>
public sealed class SubmitFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly SubmitApi _api = services.GetRequiredService<SubmitApi>();

    [Function("Search")]
    public Task<IResult> SearchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/search")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => _api.SearchAsync(request));

    [Function("Retrieve")]
    public Task<IResult> RetrieveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/retrieve")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => _api.RetrieveAsync(request));

    [Function("Upload")]
    public Task<IResult> UploadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/upload")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => _api.UploadAsync(request));

    [Function("Format")]
    public Task<IResult> FormatAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/format")] HttpRequest request) =>
        _api.FormatAsync(request);
}
