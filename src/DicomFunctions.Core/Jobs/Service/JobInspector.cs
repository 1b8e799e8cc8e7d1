using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Finds the state of jobs from their files and from the engine. A damaged file is a state, not an exception.</summary>
internal sealed class JobInspector(
    JobStore jobStore, IObjectStore store, IWorkflowEngine engine, JobClaims claims, JobDeletion deletion, TimeProvider time)
{
    /// <summary>The state of a job, and how many records each of its parts has; null if it does not exist or was deleted.</summary>
    public async Task<JobView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await LookAsync(id, cancellationToken).ConfigureAwait(false) is not { View: var view })
            return null;
        if (view is { Summary: not null } or { Progress.Committed: 0 })
            return view;
        var checkpoint = await jobStore.ReadCheckpointAsync(id, cancellationToken).ConfigureAwait(false);
        return view with { PartRecords = checkpoint.Content?.PartRecords };
    }

    /// <summary>The state of a job; null if it does not exist or was deleted.</summary>
    public async Task<JobSnapshot?> LookAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.IsValid(id))
            return null;
        var stored = await jobStore.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false);
        if (stored.IsMissing)
            return null;
        if (stored.Content is { DeletedAt: not null })
        {
            await TryFinishDeletionAsync(id, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var summary = await jobStore.ReadSummaryAsync(id, cancellationToken).ConfigureAwait(false);
        if (stored.Content is not { } spec)
        {
            var isKept = await engine.GetAsync(id, cancellationToken).ConfigureAwait(false) is { IsActive: true };
            return new JobSnapshot(null, JobViews.Damaged(id, stored.Damage!, summary.Content), isKept);
        }

        if (summary.Content is not null)
            return new JobSnapshot(spec, JobViews.Of(spec, summary.Content), IsActive: false);
        var status = JobViews.StatusOf(id, await engine.GetAsync(spec.Owner ?? id, cancellationToken).ConfigureAwait(false));
        var isActive = status is { IsActive: true };
        if (!isActive)
        {
            // It may have ended or been deleted since the first look.
            summary = await jobStore.ReadSummaryAsync(id, cancellationToken).ConfigureAwait(false);
            if (summary.Content is { } late)
                return new JobSnapshot(spec, JobViews.Of(spec, late), IsActive: false);
            if (await jobStore.IsGoneAsync(id, cancellationToken).ConfigureAwait(false))
                return null;
            if (summary.Damage is { } damage)
                return new JobSnapshot(spec, JobViews.Damaged(spec, damage), IsActive: false);
            if (status is null && await IsLostDraftAsync(spec, cancellationToken).ConfigureAwait(false))
                return null;
        }

        var isCancelling = isActive
            && await jobStore.IsMarkedCancelledAsync(id, cancellationToken).ConfigureAwait(false);
        var committed = status?.Progress is null ? await CommittedAsync(spec, cancellationToken).ConfigureAwait(false) : new JobProgress();
        return new JobSnapshot(spec, JobViews.Of(spec, status, committed, isCancelling, time.GetUtcNow()), isActive);
    }

    /// <summary>
    /// Whether the job is what a crash left of a submission whose key went to a repetition. Then it is removed, unless it has just taken
    /// the key after all.
    /// </summary>
    private async Task<bool> IsLostDraftAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        if (spec.KeyHash is null
            || await jobStore.FindSpecVersionAsync(spec.Id, cancellationToken).ConfigureAwait(false) is not { } version)
        {
            return false;
        }

        if (!await claims.IsLostAsync(spec, cancellationToken).ConfigureAwait(false)
            || !await deletion.BeginAsync(spec.Id, spec, version, withFiles: false, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await TryFinishDeletionAsync(spec.Id, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>The progress of a job according to its files alone: its committed parts.</summary>
    private async Task<JobProgress> CommittedAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var checkpoint = await jobStore.ReadCheckpointAsync(spec.Id, cancellationToken).ConfigureAwait(false);
        if (checkpoint.Content is { } state)
        {
            return new JobProgress
            {
                Total = state.Plan?.Inputs ?? spec.Inputs ?? 0,
                Succeeded = state.Counts.Succeeded,
                Failed = state.Counts.Failed,
                Failures = state.Counts.Failures,
                Committed = state.Counts.Succeeded + state.Counts.Failed,
            };
        }

        if (spec.Inputs is { } inputs)
            return new JobProgress { Total = inputs };
        // The index of expanded sources has an offset for each input, and one for the end.
        var index = await store.GetPropertiesAsync(new JobFiles(spec.Id).InputIndex, cancellationToken).ConfigureAwait(false);
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
            // It is gone in any case, and whoever looks next tries again.
        }
    }
}
