using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Turns drafts into jobs and starts them.</summary>
/// <remarks>
/// A job with a key is started only once the key's claim names it. Whatever a crash leaves before that is a draft: it takes the key when
/// it is resumed, or is removed once the key belongs to another job.
/// </remarks>
internal sealed class JobAcceptance(
    JobClaims claims, JobInspector inspector, JobResume resume, JobStarts starts, AuditLog audit, IWorkflowEngine engine,
    IOptions<JobOptions> options)
{
    /// <inheritdoc cref="IJobService.SubmitAsync(JobDraft, JobSubmission, CancellationToken)"/>
    public async Task<string> SubmitAsync(JobDraft draft, JobSubmission submission, CancellationToken cancellationToken)
    {
        // If the engine cannot be reached, find out before the job exists.
        await engine.GetAsync(draft.Id, cancellationToken).ConfigureAwait(false);
        var spec = await draft.AcceptAsync(submission, cancellationToken).ConfigureAwait(false);
        if (spec.KeyHash is not null && await FindEarlierAsync(draft, spec, cancellationToken).ConfigureAwait(false) is { } earlier)
            return earlier;
        audit.Submitted(spec);
        var state = new JobState { JobId = draft.Id, Plan = spec.Inputs is { } inputs ? JobPlan.For(spec, inputs, options.Value) : null };
        try
        {
            // The job is accepted: a caller who leaves now does not take it along.
            if (spec.KeyHash is not null)
                await starts.StartNewAsync(state).ConfigureAwait(false);
            else
                await engine.StartAsync(JobActivities.Workflow, draft.Id, state, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (await IsRefusedAsync(draft, exception).ConfigureAwait(false))
            {
                throw exception as ObjectStoreException
                    ?? new ObjectStoreException("The workflow engine refused the job. Send it again.", exception);
            }
        }

        return draft.Id;
    }

    /// <summary>Finds the job that has the draft's key, and withdraws the draft. Null if the draft has the key.</summary>
    private async Task<string?> FindEarlierAsync(JobDraft draft, JobSpec spec, CancellationToken cancellationToken)
    {
        string? earlier = spec.Id;
        try
        {
            earlier = await ClaimAsync(draft, spec, cancellationToken).ConfigureAwait(false);
            return earlier;
        }
        finally
        {
            // A claim may have been written although that failed: it then names a job that is gone, or that a repetition has started.
            if (earlier is not null)
                await draft.WithdrawAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Gives the draft's key to it. If another job has it, starts that one unless it was started, and returns its id.</summary>
    private async Task<string?> ClaimAsync(JobDraft draft, JobSpec spec, CancellationToken cancellationToken)
    {
        var isFirst = await claims.TryWriteAsync(spec, spec.CreatedAt, replaced: null, cancellationToken).ConfigureAwait(false);
        while (!isFirst)
        {
            var (claim, etag) = await claims.FindAsync(spec.KeyHash!, cancellationToken).ConfigureAwait(false);
            if (claim?.JobId == spec.Id)
                break;
            if (claim?.Holds(spec.CreatedAt) == true && await IsThereAsync(claim, spec, cancellationToken).ConfigureAwait(false))
                return claim.JobId;
            if (await claims.TryWriteAsync(spec, spec.CreatedAt, etag, cancellationToken).ConfigureAwait(false))
                break;
        }

        // While the key was another job's, this one was a draft to remove for whoever looked.
        return isFirst || await draft.ConfirmAsync(spec, cancellationToken).ConfigureAwait(false)
            ? null
            : throw new ObjectStoreException("The job was removed while it was submitted. Send it again.");
    }

    /// <summary>Whether the job of a claim exists, and so has the key. It is started unless it was.</summary>
    /// <exception cref="KeyConflictException">The job is of another submission.</exception>
    private async Task<bool> IsThereAsync(JobClaim claim, JobSpec spec, CancellationToken cancellationToken)
    {
        if (await inspector.LookAsync(claim.JobId, cancellationToken).ConfigureAwait(false) is not { } earlier)
            return false;
        if (claim.BodyHash != spec.BodyHash)
            throw KeyConflictException.Of(claim);
        return earlier.View.State != JobStatus.Interrupted
            || await resume.RunAsync(claim.JobId, cancellationToken).ConfigureAwait(false) != JobActionResult.NotFound;
    }

    /// <summary>
    /// Whether the engine, which failed to start the job, does not have it; then the job is withdrawn. If the engine cannot be asked, the
    /// job stays: it may have started, and only the answer was lost.
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
}
