using System.Diagnostics.CodeAnalysis;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Jobs.Service;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Triggers;

/// <summary>Deletes old jobs with their files and their history.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger must be a parameter, even if it is not used.")]
public sealed class RetentionFunctions(IJobService jobs, InvocationClient invocation)
{
    [Function("RemoveOldJobs")]
    public Task RemoveOldJobsAsync(
        [TimerTrigger("%RetentionSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        invocation.UseAsync(client, () => jobs.RemoveExpiredAsync(cancellationToken));
}
