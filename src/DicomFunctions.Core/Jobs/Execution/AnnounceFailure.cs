using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>Announces and logs that a job has failed: the last activity of its workflow. Output: the job's id.</summary>
internal sealed class AnnounceFailure(JobStore jobStore, JobEndLog log, IJobAnnouncer announcer, TimeProvider time)
    : IActivity<string, string>
{
    public async Task<string> RunAsync(string input, CancellationToken cancellationToken)
    {
        if (await WriteAsync(input, cancellationToken).ConfigureAwait(false) is not { } ending)
            return input;
        if (announcer.IsEnabled)
        {
            // The last commit may have announced another end, and then failed to write the summary.
            foreach (var state in new[] { JobStatus.Completed, JobStatus.Cancelled })
                await announcer.RemoveAsync(ending with { State = state }, cancellationToken).ConfigureAwait(false);
            await announcer.RingAsync(cancellationToken).ConfigureAwait(false);
        }

        log.Failed(ending);
        return input;
    }

    /// <summary>Writes the announcement, if anyone is to be told. Null if the job is gone or has its summary after all.</summary>
    public async Task<JobEnding?> WriteAsync(string id, CancellationToken cancellationToken)
    {
        var spec = await jobStore.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false);
        if (spec.IsMissing
            || spec.Content is { DeletedAt: not null }
            || (await jobStore.ReadSummaryAsync(id, cancellationToken).ConfigureAwait(false)).Content is not null)
        {
            return null;
        }

        var checkpoint = await jobStore.ReadCheckpointAsync(id, cancellationToken).ConfigureAwait(false);
        var ending = JobEnding.OfFailed(id, spec.Content, checkpoint.Content, time.GetUtcNow());
        if (announcer.IsEnabled)
            await announcer.WriteAsync(ending, cancellationToken).ConfigureAwait(false);
        return ending;
    }
}
