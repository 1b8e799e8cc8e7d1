using System.Runtime.CompilerServices;
using System.Text.Json;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Accepts jobs and tells of them. Every host and trigger goes through here.</summary>
internal sealed class JobService(
    JobContext jobs,
    JobInspector inspector,
    JobWaiter waiter,
    JobDeletion deletion,
    JobRetry retry,
    JobResults results,
    IWorkflowEngine engine) : IJobService
{
    public JobDraft Draft(JobKind kind, bool mayHavePatterns = false) => new(jobs, kind, mayHavePatterns);

    public async Task<string> SubmitAsync(JobDraft draft, JobSubmission submission, CancellationToken cancellationToken)
    {
        // An engine that cannot be reached is found out before there is a job, and leaves none.
        await engine.GetAsync(draft.Id, cancellationToken).ConfigureAwait(false);
        var spec = await draft.AcceptAsync(submission, cancellationToken).ConfigureAwait(false);
        var plan = spec.Inputs is { } inputs ? JobPlan.For(spec, inputs, jobs.Options) : null;
        try
        {
            // Accepted is accepted: a caller that goes away now does not take the job with it.
            await StartAsync(new JobState { JobId = draft.Id, Plan = plan }).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (await IsRefusedAsync(draft, exception).ConfigureAwait(false))
                throw exception as ObjectStoreException ?? new ObjectStoreException("The workflow engine refused the job. Send it again.", exception);
        }

        return draft.Id;
    }

    public async Task<string> SubmitAsync(
        JobSubmission submission, IAsyncEnumerable<ReadOnlyMemory<byte>> inputs, CancellationToken cancellationToken)
    {
        var draft = Draft(submission.Kind, mayHavePatterns: submission.Kind == JobKind.Upload);
        await using (draft.ConfigureAwait(false))
        {
            await foreach (var input in inputs.WithCancellation(cancellationToken).ConfigureAwait(false))
                await draft.AddAsync(input.Span, cancellationToken).ConfigureAwait(false);
            return await SubmitAsync(draft, submission, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<JobView?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false))?.View;

    public async Task<JobView?> WaitAsync(string id, CancellationToken cancellationToken)
    {
        await waiter.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        return await FindAsync(id, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<JobView> ListAsync(string? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var day in await jobs.DaysAsync(cancellationToken).Reverse().ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (before is not null && string.CompareOrdinal(day, JobId.Day(before)) > 0)
                continue;
            foreach (var id in (await jobs.IdsAsync(day, cancellationToken).ConfigureAwait(false)).Reverse())
            {
                if (before is not null && string.CompareOrdinal(id, before) >= 0)
                    continue;
                if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } view)
                    yield return view;
            }
        }
    }

    public Task<JobRecords?> OpenResultsAsync(string id, bool? success, bool asArray, CancellationToken cancellationToken) =>
        results.OpenAsync(id, success, asArray, cancellationToken);

    public async Task<JobActionResult> CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (!job.IsActive)
            return JobActionResult.Conflict;
        await MarkCancelledAsync(id, cancellationToken).ConfigureAwait(false);
        return JobActionResult.Done;
    }

    public async Task<JobActionResult> TerminateAsync(string id, CancellationToken cancellationToken)
    {
        if (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (!job.IsActive)
            return JobActionResult.Conflict;
        // Activities that still run end by the marker; no workflow is left to tell them.
        await MarkCancelledAsync(id, cancellationToken).ConfigureAwait(false);
        var reason = "The job was cancelled by force. What is committed can be read; resume continues from there.";
        return await engine.TerminateAsync(job.Spec?.Instance ?? id, reason, cancellationToken).ConfigureAwait(false)
            ? JobActionResult.Done
            : JobActionResult.Conflict;
    }

    public async Task<JobActionResult> ResumeAsync(string id, CancellationToken cancellationToken)
    {
        var version = await VersionAsync(id, cancellationToken).ConfigureAwait(false);
        if (version is null || await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (job.Spec is not { } spec)
            return JobActionResult.Damaged;
        if (spec.IsOfDrop)
            return JobActionResult.OfDrop;
        if (job.View.State is not (JobStatus.Failed or JobStatus.Interrupted or JobStatus.Damaged))
            return JobActionResult.Conflict;
        if (!spec.IsFor(jobs.Server))
            return JobActionResult.OtherServer;
        var files = new JobFiles(id);
        var checkpoint = await jobs.ReadAsync(id, files.Checkpoint, JobJson.Default.JobState, cancellationToken).ConfigureAwait(false);
        var resumed = spec with { ResumedAt = jobs.Time.GetUtcNow() };
        if (await jobs.WriteAsync(files.Spec, resumed, JobJson.Default.JobSpec, PutCondition.WhenUnchanged(version), cancellationToken)
            .ConfigureAwait(false) is null)
        {
            return await jobs.IsGoneAsync(id, cancellationToken).ConfigureAwait(false) ? JobActionResult.NotFound : JobActionResult.Conflict;
        }

        await jobs.Store.DeleteAsync(files.Cancel, ifMatch: null, cancellationToken).ConfigureAwait(false);
        jobs.Forget(id);
        // Without a checkpoint it starts over, from its first activity.
        if (!await StartAsync(checkpoint.Content ?? new JobState { JobId = id }).ConfigureAwait(false))
            return JobActionResult.Conflict;
        if (!await jobs.IsGoneAsync(id, CancellationToken.None).ConfigureAwait(false))
            return JobActionResult.Done;
        // A deletion that looked in the moment before the start may not have seen the instance.
        await engine.TerminateAsync(id, "The job was deleted.", CancellationToken.None).ConfigureAwait(false);
        return JobActionResult.NotFound;
    }

    public async Task<(JobActionResult Result, string? NewId)> RetryAsync(string id, CancellationToken cancellationToken)
    {
        if (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return (JobActionResult.NotFound, null);
        if (job.Spec is not { } spec || job.View.State == JobStatus.Damaged)
            return (JobActionResult.Damaged, null);
        if (spec.IsOfDrop)
            return (JobActionResult.OfDrop, null);
        if (job.View.Summary is null)
            return (JobActionResult.Conflict, null);
        if (!spec.IsFor(jobs.Server))
            return (JobActionResult.OtherServer, null);
        var draft = Draft(spec.Kind, mayHavePatterns: spec.Kind == JobKind.Upload);
        await using (draft.ConfigureAwait(false))
        {
            try
            {
                await retry.AddFailedAsync(draft, spec, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is ObjectDamagedException or JsonException)
            {
                return (JobActionResult.Damaged, null);
            }

            var submission = new JobSubmission
            {
                Kind = spec.Kind,
                BufferSize = spec.BufferSize,
                MaxWorkers = spec.MaxWorkers,
                Destination = spec.Destination,
                Collapse = spec.Collapse,
                RetryOf = id,
            };
            return (JobActionResult.Done, await SubmitAsync(draft, submission, cancellationToken).ConfigureAwait(false));
        }
    }

    public async Task<JobActionResult> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var version = await VersionAsync(id, cancellationToken).ConfigureAwait(false);
        if (version is null || await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (job.IsActive || await IsBeingSettledAsync(id, job.Spec, cancellationToken).ConfigureAwait(false))
            return JobActionResult.Conflict;
        // The summary is there a moment before the instance has ended, and only then can that be forgotten too.
        if (job.View.Summary is not null)
            await deletion.WaitForEndAsync(id, cancellationToken).ConfigureAwait(false);
        if (!await deletion.BeginAsync(id, job.Spec, version, cancellationToken).ConfigureAwait(false)
            && !await jobs.IsGoneAsync(id, cancellationToken).ConfigureAwait(false))
        {
            return JobActionResult.Conflict;
        }

        await deletion.FinishAsync(id, cancellationToken).ConfigureAwait(false);
        return JobActionResult.Done;
    }

    /// <summary>
    /// Whether an engine that failed to start a job does not have it: then nothing is left of the job. One that the engine cannot be asked
    /// about stays, as one whose answer was lost looks the same.
    /// </summary>
    /// <exception cref="JobNotStartedException">The engine cannot be asked.</exception>
    private async Task<bool> IsRefusedAsync(JobDraft draft, Exception failure)
    {
        try
        {
            return await engine.GetAsync(draft.Id, CancellationToken.None).ConfigureAwait(false) is null
                && await draft.WithdrawAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            throw JobNotStartedException.Of(draft.Id, failure);
        }
    }

    /// <summary>The version of <c>job.json</c>, taken before the job is looked at: whatever changes it later is noticed.</summary>
    private async Task<string?> VersionAsync(string id, CancellationToken cancellationToken) => JobId.IsValid(id)
        ? (await jobs.Store.GetPropertiesAsync(new JobFiles(id).Spec, cancellationToken).ConfigureAwait(false))?.ETag
        : null;

    private async Task MarkCancelledAsync(string id, CancellationToken cancellationToken)
    {
        using var marker = new MemoryStream([], writable: false);
        await jobs.Store.PutAsync(new JobFiles(id).Cancel, marker, PutCondition.Always, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the files that the job has worked are still being cleared away, for which its records are needed.</summary>
    private async Task<bool> IsBeingSettledAsync(string id, JobSpec? spec, CancellationToken cancellationToken) =>
        spec is { Instance: { } instance }
        && await engine.GetAsync(instance, cancellationToken).ConfigureAwait(false) is { IsActive: true, Progress.JobId: { } told }
        && told == id;

    private Task<bool> StartAsync(JobState state) =>
        engine.StartAsync(JobActivities.Workflow, state.JobId, state, CancellationToken.None);
}
