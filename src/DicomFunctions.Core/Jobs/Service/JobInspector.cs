using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Looks at jobs: at their files, read afresh, and at what the engine says. A damaged file is an outcome, not an exception.</summary>
internal sealed class JobInspector(JobContext jobs, IWorkflowEngine engine, JobDeletion deletion)
{
    /// <summary>The job as it stands; null where there is none, or it is deleted.</summary>
    public async Task<JobSnapshot?> LookAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.IsValid(id))
            return null;
        var stored = await jobs.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false);
        if (stored.IsMissing)
            return null;
        if (stored.Content is { DeletedAt: not null })
        {
            await TryFinishDeletionAsync(id, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var summary = await ReadSummaryAsync(id, cancellationToken).ConfigureAwait(false);
        if (stored.Content is not { } spec)
        {
            var isKept = await engine.GetAsync(id, cancellationToken).ConfigureAwait(false) is { IsActive: true };
            return new JobSnapshot(null, JobViews.Damaged(id, stored.Damage!, summary.Content), isKept);
        }

        if (summary.Content is not null)
            return new JobSnapshot(spec, JobViews.Of(spec, summary.Content), IsActive: false);
        var status = JobViews.StatusOf(id, await engine.GetAsync(spec.Instance ?? id, cancellationToken).ConfigureAwait(false));
        var isActive = status is { IsActive: true };
        if (!isActive)
        {
            // It may have ended, or been deleted, after the first look.
            summary = await ReadSummaryAsync(id, cancellationToken).ConfigureAwait(false);
            if (summary.Content is { } late)
                return new JobSnapshot(spec, JobViews.Of(spec, late), IsActive: false);
            if (await jobs.IsGoneAsync(id, cancellationToken).ConfigureAwait(false))
                return null;
            if (summary.Damage is { } damage)
                return new JobSnapshot(spec, JobViews.Damaged(spec, damage), IsActive: false);
        }

        var isCancelling = isActive
            && await jobs.Store.GetPropertiesAsync(new JobFiles(id).Cancel, cancellationToken).ConfigureAwait(false) is not null;
        var committed = status?.Progress is null ? await CommittedAsync(spec, cancellationToken).ConfigureAwait(false) : new JobProgress();
        return new JobSnapshot(spec, JobViews.Of(spec, status, committed, isCancelling, jobs.Time.GetUtcNow()), isActive);
    }

    /// <summary>How far a job is by its files alone: what its committed parts hold.</summary>
    private async Task<JobProgress> CommittedAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var files = new JobFiles(spec.Id);
        var checkpoint = await jobs.ReadAsync(spec.Id, files.Checkpoint, JobJson.Default.JobState, cancellationToken).ConfigureAwait(false);
        if (checkpoint.Content is { } state)
            return new JobProgress { Total = state.Plan?.Inputs ?? spec.Inputs ?? 0, Succeeded = state.Counts.Succeeded, Failed = state.Counts.Failed };
        if (spec.Inputs is { } inputs)
            return new JobProgress { Total = inputs };
        // Sources that were expanded: the index has an offset for each, and one for the end.
        var index = await jobs.Store.GetPropertiesAsync(files.InputIndex, cancellationToken).ConfigureAwait(false);
        return new JobProgress { Total = index is null ? 0 : Math.Max(0, (index.Length / sizeof(long)) - 1) };
    }

    private async Task TryFinishDeletionAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await deletion.FinishAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreException)
        {
            // It is gone all the same; the next one who looks tries again.
        }
    }

    private Task<JobFile<JobSummary>> ReadSummaryAsync(string id, CancellationToken cancellationToken) =>
        jobs.ReadAsync(id, new JobFiles(id).Summary, JobJson.Default.JobSummary, cancellationToken);
}
