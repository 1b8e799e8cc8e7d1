using System.Text.Json;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Cancels, retries and deletes jobs.</summary>
internal sealed class JobActions(
    JobStore jobStore,
    JobInspector inspector,
    JobOwners owners,
    JobDrafts drafts,
    JobAcceptance acceptance,
    JobRetry retry,
    JobDeletion deletion,
    IWorkflowEngine engine,
    DicomServer server)
{
    /// <inheritdoc cref="IJobService.CancelAsync"/>
    public async Task<JobActionResult> CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (!job.IsActive)
            return JobActionResult.Conflict;
        await jobStore.MarkCancelledAsync(id, cancellationToken).ConfigureAwait(false);
        return JobActionResult.Done;
    }

    /// <inheritdoc cref="IJobService.RetryAsync"/>
    public async Task<JobActionResult> RetryAsync(string id, string? caller, CancellationToken cancellationToken)
    {
        if (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (job.Spec is not { } spec || job.View.State == JobStatus.Damaged)
            return JobActionResult.Damaged;
        if (owners.Refuse(spec, JobAction.Retry) is { } refusal)
            return JobActionResult.Refused(refusal);
        if (job.View.Summary is null)
            return JobActionResult.Conflict;
        if (!spec.IsFor(server))
            return JobActionResult.OtherServer;
        var draft = drafts.Create(spec.Kind, mayHavePatterns: spec.Kind == JobKind.Upload);
        await using (draft.ConfigureAwait(false))
        {
            try
            {
                await retry.AddFailedAsync(draft, spec, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is ObjectDamagedException or JsonException)
            {
                return JobActionResult.Damaged;
            }

            var submission = new JobSubmission
            {
                Kind = spec.Kind,
                BufferSize = spec.BufferSize,
                MaxWorkers = spec.MaxWorkers,
                Destination = spec.Destination,
                Collapse = spec.Collapse,
                Then = spec.Then,
                RetrieveType = spec.RetrieveType,
                TransferSyntax = spec.TransferSyntax,
                Folder = spec.Folder,
                RetryOf = id,
                SubmittedBy = caller,
                Labels = spec.Labels,
            };
            var newId = await acceptance.SubmitAsync(draft, submission, cancellationToken).ConfigureAwait(false);
            return JobActionResult.Done with { NewId = newId };
        }
    }

    /// <inheritdoc cref="IJobService.DeleteAsync"/>
    public async Task<JobActionResult> DeleteAsync(string id, bool withFiles, CancellationToken cancellationToken)
    {
        var version = await jobStore.FindSpecVersionAsync(id, cancellationToken).ConfigureAwait(false);
        if (version is null || await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
            return JobActionResult.NotFound;
        if (job.IsActive || await IsInUseAsync(id, job.Spec, cancellationToken).ConfigureAwait(false))
            return JobActionResult.Conflict;
        // The summary is written a moment before the instance ends, and only an ended instance can be purged.
        if (job.View.Summary is not null)
            await deletion.WaitForEndAsync(id, cancellationToken).ConfigureAwait(false);
        if (!await deletion.BeginAsync(id, job.Spec, version, withFiles, cancellationToken).ConfigureAwait(false)
            && !await jobStore.IsGoneAsync(id, cancellationToken).ConfigureAwait(false))
        {
            return JobActionResult.Conflict;
        }

        await deletion.FinishAsync(id, cancellationToken, withFiles).ConfigureAwait(false);
        return JobActionResult.Done;
    }

    /// <summary>Whether the job's owner still works with a job that has ended, for which it needs the records.</summary>
    private async Task<bool> IsInUseAsync(string id, JobSpec? spec, CancellationToken cancellationToken) =>
        spec is { Owner: { } instance }
        && await engine.GetAsync(instance, cancellationToken).ConfigureAwait(false) is { IsActive: true, Progress.JobId: { } current }
        && current == id;
}
