using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Continues jobs that no engine runs.</summary>
internal sealed class JobResume(
    JobStore jobStore,
    JobInspector inspector,
    JobOwners owners,
    JobClaims claims,
    JobStarts starts,
    IWorkflowEngine engine,
    DicomServer server,
    TimeProvider time)
{
    /// <inheritdoc cref="IJobService.ResumeAsync"/>
    public async Task<JobActionResult> RunAsync(string id, CancellationToken cancellationToken)
    {
        var version = await jobStore.FindSpecVersionAsync(id, cancellationToken).ConfigureAwait(false);
        if (version is null || await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (job.Spec is not { } spec)
            return JobActionResult.Damaged;
        if (owners.Refuse(spec, JobAction.Resume) is { } refusal)
            return JobActionResult.Refused(refusal);
        if (job.View.State is not (JobStatus.Failed or JobStatus.Interrupted or JobStatus.Damaged))
            return JobActionResult.Conflict;
        if (!spec.IsFor(server))
            return JobActionResult.OtherServer;
        var isUnknown = job.View.State == JobStatus.Interrupted;
        if (isUnknown && !await claims.MayStartAsync(spec, cancellationToken).ConfigureAwait(false))
            return JobActionResult.Refused("The job's Idempotency-Key belongs to another job. Submit its inputs again, with another key.");
        var checkpoint = await jobStore.ReadCheckpointAsync(id, cancellationToken).ConfigureAwait(false);
        var resumed = spec with { ResumedAt = time.GetUtcNow(), Resumes = spec.Resumes + 1 };
        if (await jobStore.WriteSpecAsync(resumed, PutCondition.WhenUnchanged(version), cancellationToken).ConfigureAwait(false) is null)
        {
            return await jobStore.IsGoneAsync(id, cancellationToken)
                .ConfigureAwait(false) ? JobActionResult.NotFound : JobActionResult.Conflict;
        }

        await jobStore.UnmarkCancelledAsync(id, cancellationToken).ConfigureAwait(false);
        jobStore.Forget(id);
        // Without a checkpoint it starts from the beginning.
        var state = checkpoint.Content ?? new JobState { JobId = id };
        if (!await StartAsync(state, isUnknown).ConfigureAwait(false))
            return JobActionResult.Conflict;
        if (!await jobStore.IsGoneAsync(id, CancellationToken.None).ConfigureAwait(false))
            return JobActionResult.Done;
        // A deletion that looked just before the start may have missed the instance.
        await engine.TerminateAsync(id, "The job was deleted.", CancellationToken.None).ConfigureAwait(false);
        return JobActionResult.NotFound;
    }

    private Task<bool> StartAsync(JobState state, bool isUnknown) => isUnknown
        ? starts.StartNewAsync(state)
        : engine.StartAsync(JobActivities.Workflow, state.JobId, state, CancellationToken.None);
}
