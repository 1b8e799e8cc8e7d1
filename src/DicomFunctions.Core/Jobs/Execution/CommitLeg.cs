using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>
/// Commits a leg's blocks to a part, in input order, then writes the checkpoint and, with the last leg, the summary, which finishes the
/// job. What is announced of that is durable before.
/// </summary>
internal sealed class CommitLeg(
    JobStore jobStore, IObjectStore store, JobEnds ends, JobEndLog log, IJobAnnouncer announcer, TimeProvider time)
    : IActivity<LegCommit, string>
{
    public async Task<string> RunAsync(LegCommit input, CancellationToken cancellationToken)
    {
        var after = input.After;
        var files = new JobFiles(after.JobId);
        if (input.Runs.Count > 0)
            await store.CommitBlocksAsync(files.Part(input.Part), Blocks(input), cancellationToken).ConfigureAwait(false);
        await jobStore.WriteCheckpointAsync(after, cancellationToken).ConfigureAwait(false);
        if (!after.IsWorked)
            return files.Checkpoint;

        var spec = await jobStore.GetSpecAsync(after.JobId, cancellationToken).ConfigureAwait(false);
        var summary = Summarize(spec, after, time.GetUtcNow());
        var isAnnounced = await AnnounceAsync(summary, cancellationToken).ConfigureAwait(false);
        await jobStore.WriteSummaryAsync(summary, cancellationToken).ConfigureAwait(false);
        ends.Tell(after.JobId);
        log.Ended(summary);
        if (isAnnounced)
            await announcer.RingAsync(cancellationToken).ConfigureAwait(false);
        return files.Summary;
    }

    private async Task<bool> AnnounceAsync(JobSummary summary, CancellationToken cancellationToken)
    {
        // Another host may have resumed the job, which makes this another end.
        if (!announcer.IsEnabled
            || (await jobStore.ReadSpecAsync(summary.Id, cancellationToken).ConfigureAwait(false)).Content is not { DeletedAt: null } spec)
        {
            return false;
        }

        await announcer.WriteAsync(JobEnding.Of(spec, summary), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static List<BlockId> Blocks(LegCommit input)
    {
        List<BlockId> blocks = [];
        foreach (var run in input.Runs)
        {
            for (var i = 0; i < run[2]; i++)
                blocks.Add(new BlockId((int)run[0], (uint)run[1], i));
        }

        return blocks;
    }

    private static JobSummary Summarize(JobSpec spec, JobState state, DateTimeOffset finishedAt)
    {
        var startedAt = state.StartedAt ?? spec.CreatedAt;
        var counts = state.Counts;
        var seconds = (finishedAt - startedAt).TotalSeconds;
        return new JobSummary
        {
            Id = spec.Id,
            Kind = spec.Kind,
            State = state.Cancelled ? JobStatus.Cancelled : JobStatus.Completed,
            Inputs = state.Plan!.Inputs,
            Succeeded = counts.Succeeded,
            Failed = counts.Failed,
            NotAttempted = state.NotAttempted.Sum(range => range[1]),
            NotAttemptedInputs = state.NotAttempted,
            Statuses = counts.Statuses,
            Attempts = counts.Attempts,
            Bytes = counts.Bytes,
            Failures = ByRecord(counts.Failures, state.NotAttempted),
            Parts = state.Parts,
            PartRecords = state.PartRecords,
            SubmittedBy = spec.SubmittedBy,
            Labels = spec.Labels,
            CreatedAt = spec.CreatedAt,
            StartedAt = startedAt,
            FinishedAt = finishedAt,
            Rate = seconds > 0 ? Math.Round((counts.Succeeded + counts.Failed) / seconds, 2) : 0,
        };
    }

    /// <summary>Turns the numbers of first inputs into those of records: inputs that were not attempted have none.</summary>
    private static List<FailureCount> ByRecord(IReadOnlyList<FailureCount> failures, IReadOnlyList<long[]> notAttempted) =>
    [
        .. failures.Select(failure => failure with
        {
            First = failure.First - notAttempted.Where(gap => gap[0] < failure.First).Sum(gap => gap[1]),
        }),
    ];
}
