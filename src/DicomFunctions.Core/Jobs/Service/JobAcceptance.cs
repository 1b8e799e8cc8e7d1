using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Turns drafts into jobs and starts them.</summary>
internal sealed class JobAcceptance(IWorkflowEngine engine, IOptions<JobOptions> options)
{
    /// <inheritdoc cref="IJobService.SubmitAsync(JobDraft, JobSubmission, CancellationToken)"/>
    public async Task<string> SubmitAsync(JobDraft draft, JobSubmission submission, CancellationToken cancellationToken)
    {
        // If the engine cannot be reached, find out before the job exists.
        await engine.GetAsync(draft.Id, cancellationToken).ConfigureAwait(false);
        var spec = await draft.AcceptAsync(submission, cancellationToken).ConfigureAwait(false);
        var state = new JobState { JobId = draft.Id, Plan = spec.Inputs is { } inputs ? JobPlan.For(spec, inputs, options.Value) : null };
        try
        {
            // The job is accepted: a caller who leaves now does not take it along.
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
