using System.Diagnostics.CodeAnalysis;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Jobs.Service;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.App.Triggers;

/// <summary>Deletes old jobs with their files and their history.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger must be a parameter, even if it is not used.")]
public sealed class RetentionFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly IJobService _jobs = services.GetRequiredService<IJobService>();

    [Function("RemoveOldJobs")]
    public Task RemoveOldJobsAsync(
        [TimerTrigger("%RetentionSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        invocation.UseAsync(client, () => _jobs.RemoveExpiredAsync(cancellationToken));
}
