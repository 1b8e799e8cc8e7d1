using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Ends jobs by force. No workflow is left to announce that, so it is done here.</summary>
internal sealed class JobTermination(
    JobStore jobStore,
    JobInspector inspector,
    AnnounceFailure announcement,
    JobEndLog log,
    IJobAnnouncer announcer,
    IWorkflowEngine engine)
{
    private const string Reason = "The job was cancelled by force. What is committed can be read; resume continues from there.";

    /// <inheritdoc cref="IJobService.TerminateAsync"/>
    public async Task<JobActionResult> RunAsync(string id, CancellationToken cancellationToken)
    {
        if (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (!job.IsActive)
            return JobActionResult.Conflict;
        // The marker ends activities that still run: no workflow is left to stop them.
        await jobStore.MarkCancelledAsync(id, cancellationToken).ConfigureAwait(false);
        var ending = await announcement.WriteAsync(id, cancellationToken).ConfigureAwait(false);
        var isTerminated = await engine.TerminateAsync(job.Spec?.Owner ?? id, Reason, cancellationToken).ConfigureAwait(false);
        if (ending is not null && isTerminated)
            log.Failed(ending);
        if (ending is not null && announcer.IsEnabled)
        {
            await (isTerminated ? announcer.RingAsync(cancellationToken) : announcer.RemoveAsync(ending, cancellationToken))
                .ConfigureAwait(false);
        }

        return isTerminated ? JobActionResult.Done : JobActionResult.Conflict;
    }
}
