using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs.Activities;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs;

/// <summary>Accepts jobs and tells of them. Every host and trigger goes through here.</summary>
internal sealed class JobService(JobContext jobs, JobResults results, IWorkflowEngine engine) : IJobService
{
    /// <summary>More than an instance needs to end once the job's summary is written.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    public JobDraft Draft(JobKind kind, bool mayHavePatterns = false) => new(jobs, kind, mayHavePatterns);

    public async Task<string> SubmitAsync(JobDraft draft, JobSubmission submission, CancellationToken cancellationToken)
    {
        await draft.AcceptAsync(submission, cancellationToken).ConfigureAwait(false);
        // Accepted is accepted: a caller that goes away now does not take the job with it.
        await StartAsync(new JobState { JobId = draft.Id }, CancellationToken.None).ConfigureAwait(false);
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

    public async Task<JobView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.IsValid(id) || await jobs.FindSpecAsync(id, cancellationToken).ConfigureAwait(false) is not { } spec)
            return null;
        var files = new JobFiles(id);
        if (await SummaryAsync(files, cancellationToken).ConfigureAwait(false) is { } summary)
            return JobViews.Of(spec, summary);
        var status = JobViews.StatusOf(id, await engine.GetAsync(spec.Instance ?? id, cancellationToken).ConfigureAwait(false));
        var isActive = IsActive(status);
        // It may have ended after the first look.
        if (!isActive && await SummaryAsync(files, cancellationToken).ConfigureAwait(false) is { } late)
            return JobViews.Of(spec, late);
        var mayBeGone = !isActive || spec.Instance is not null;
        if (mayBeGone && await jobs.Store.GetPropertiesAsync(files.Spec, cancellationToken).ConfigureAwait(false) is null)
        {
            // Another instance of this host has deleted it: what is kept in memory is out of date.
            jobs.Forget(id);
            return null;
        }

        var isCancelling = isActive && await jobs.Store.GetPropertiesAsync(files.Cancel, cancellationToken).ConfigureAwait(false) is not null;
        var committed = status?.Progress is null ? await CommittedAsync(spec, cancellationToken).ConfigureAwait(false) : new JobProgress();
        return JobViews.Of(spec, status, committed, isCancelling, jobs.Time.GetUtcNow());
    }

    public async Task<JobView?> WaitAsync(string id, CancellationToken cancellationToken)
    {
        if (JobId.IsValid(id) && await jobs.FindSpecAsync(id, cancellationToken).ConfigureAwait(false) is { } spec)
            await engine.WaitAsync(spec.Instance ?? id, cancellationToken).ConfigureAwait(false);
        return await FindAsync(id, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<JobView> ListAsync(string? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var day in await FoldersAsync(JobFiles.Root, cancellationToken).ConfigureAwait(false))
        {
            if (before is not null && string.CompareOrdinal(day, JobId.Day(before)) > 0)
                continue;
            foreach (var id in await FoldersAsync($"{JobFiles.Root}/{day}", cancellationToken).ConfigureAwait(false))
            {
                if (before is not null && string.CompareOrdinal(id, before) >= 0)
                    continue;
                if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } view)
                    yield return view;
            }
        }
    }

    public Task CopyResultsAsync(string id, bool? success, bool asArray, Stream target, CancellationToken cancellationToken) =>
        results.CopyToAsync(id, success, asArray, target, cancellationToken);

    public async Task<JobActionResult> CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } view)
            return JobActionResult.NotFound;
        if (view.State is not (JobStatus.Pending or JobStatus.Running or JobStatus.Cancelling))
            return JobActionResult.Conflict;
        using var marker = new MemoryStream([], writable: false);
        await jobs.Store.PutAsync(new JobFiles(id).Cancel, marker, PutCondition.Always, cancellationToken).ConfigureAwait(false);
        return JobActionResult.Done;
    }

    public async Task<JobActionResult> ResumeAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } view)
            return JobActionResult.NotFound;
        if (view.OfDrop)
            return JobActionResult.OfDrop;
        if (view.State is not (JobStatus.Failed or JobStatus.Interrupted))
            return JobActionResult.Conflict;
        if (!(await jobs.GetSpecAsync(id, cancellationToken).ConfigureAwait(false)).IsFor(jobs.Server))
            return JobActionResult.OtherServer;
        var state = await jobs.ReadAsync(new JobFiles(id).Checkpoint, JobJson.Default.JobState, cancellationToken).ConfigureAwait(false);
        return await StartAsync(state ?? new JobState { JobId = id }, CancellationToken.None).ConfigureAwait(false)
            ? JobActionResult.Done
            : JobActionResult.Conflict;
    }

    public async Task<(JobActionResult Result, string? NewId)> RetryAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } view)
            return (JobActionResult.NotFound, null);
        if (view.OfDrop)
            return (JobActionResult.OfDrop, null);
        if (view.Summary is null)
            return (JobActionResult.Conflict, null);
        var spec = await jobs.GetSpecAsync(id, cancellationToken).ConfigureAwait(false);
        if (!spec.IsFor(jobs.Server))
            return (JobActionResult.OtherServer, null);
        var isUpload = spec.Kind == JobKind.Upload;
        var draft = Draft(spec.Kind, mayHavePatterns: isUpload);
        await using (draft.ConfigureAwait(false))
        {
            await foreach (var outcome in results.OutcomesAsync(id, cancellationToken).ConfigureAwait(false))
            {
                if (outcome.Record?.Span.Success == true)
                    continue;
                if (isUpload)
                    await AddAgainAsync(draft, id, UploadInput.Parse(outcome.Input.Span), cancellationToken).ConfigureAwait(false);
                else
                    await draft.AddAsync(outcome.Input.Span, cancellationToken).ConfigureAwait(false);
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
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } view)
            return JobActionResult.NotFound;
        if (view.State is JobStatus.Pending or JobStatus.Running or JobStatus.Cancelling
            || await IsBeingSettledAsync(id, cancellationToken).ConfigureAwait(false))
        {
            return JobActionResult.Conflict;
        }

        var files = new JobFiles(id);
        // The summary is there a moment before the instance has ended, and only then can that be forgotten too.
        if (view.Summary is not null)
            await WaitForEndAsync(id, cancellationToken).ConfigureAwait(false);
        var isPurged = await engine.PurgeAsync(id, cancellationToken).ConfigureAwait(false);
        // One that failed may have been resumed meanwhile.
        if (!isPurged && view.Summary is null && IsActive(await engine.GetAsync(id, cancellationToken).ConfigureAwait(false)))
            return JobActionResult.Conflict;
        await foreach (var file in jobs.Store.ListAsync(files.Prefix, cancellationToken).ConfigureAwait(false))
        {
            // The spec goes last, so that a deletion cut short can be found and finished.
            if (file.Name != files.Spec)
                await jobs.Store.DeleteAsync(file.Name, ifMatch: null, cancellationToken).ConfigureAwait(false);
        }

        await jobs.Store.DeleteAsync(files.Spec, ifMatch: null, cancellationToken).ConfigureAwait(false);
        jobs.Forget(id);
        return JobActionResult.Done;
    }

    /// <summary>How far a job is by its files alone: what its committed parts hold.</summary>
    private async Task<JobProgress> CommittedAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var files = new JobFiles(spec.Id);
        if (await jobs.ReadAsync(files.Checkpoint, JobJson.Default.JobState, cancellationToken).ConfigureAwait(false) is { } state)
            return new JobProgress { Total = state.Plan?.Inputs ?? spec.Inputs ?? 0, Succeeded = state.Counts.Succeeded, Failed = state.Counts.Failed };
        if (spec.Inputs is { } inputs)
            return new JobProgress { Total = inputs };
        // Sources that were expanded: the index has an offset for each, and one for the end.
        var index = await jobs.Store.GetPropertiesAsync(files.InputIndex, cancellationToken).ConfigureAwait(false);
        return new JobProgress { Total = index is null ? 0 : Math.Max(0, (index.Length / sizeof(long)) - 1) };
    }

    /// <summary>Adds an input for another try; with a copy of its bytes where they came with the request, as they go with their job.</summary>
    private async Task AddAgainAsync(JobDraft draft, string id, UploadInput input, CancellationToken cancellationToken)
    {
        var body = new JobFiles(id).IsBody(input.Source)
            ? await jobs.Store.OpenReadAsync(input.Source, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false)
            : null;
        if (body is null)
        {
            await draft.AddAsync(input.ToRetry().Span, cancellationToken).ConfigureAwait(false);
            return;
        }

        await using (body.ConfigureAwait(false))
            await draft.AddBodyAsync(body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the files that the job has worked are still being cleared away, for which its records are needed.</summary>
    private async Task<bool> IsBeingSettledAsync(string id, CancellationToken cancellationToken) =>
        await jobs.FindSpecAsync(id, cancellationToken).ConfigureAwait(false) is { Instance: { } instance }
        && await engine.GetAsync(instance, cancellationToken).ConfigureAwait(false) is { Progress.JobId: { } told } status
        && told == id && IsActive(status);

    private async Task WaitForEndAsync(string id, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(LongestEnd, jobs.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await engine.WaitAsync(id, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // An engine that stands still keeps its history, and no files.
        }
    }

    private static bool IsActive(WorkflowStatus? status) => status is { State: WorkflowState.Pending or WorkflowState.Running };

    private Task<JobSummary?> SummaryAsync(JobFiles files, CancellationToken cancellationToken) =>
        jobs.ReadAsync(files.Summary, JobJson.Default.JobSummary, cancellationToken);

    private async Task<bool> StartAsync(JobState state, CancellationToken cancellationToken) =>
        await engine.StartAsync(JobActivities.Workflow, state.JobId, state, cancellationToken).ConfigureAwait(false);

    /// <summary>The folders below one, by their own names, newest first.</summary>
    private async Task<List<string>> FoldersAsync(string folder, CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (var name in jobs.Store.ListFoldersAsync(folder, cancellationToken).ConfigureAwait(false))
            names.Add(name[(folder.Length + 1)..]);
        names.Reverse();
        return names;
    }
}
