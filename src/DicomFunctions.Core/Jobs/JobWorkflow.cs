using DicomFunctions.Core.Jobs.Activities;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs;

/// <summary>
/// Runs a job: counts its inputs, works them in legs of batches with at most <c>max_workers</c> in flight, commits the results of
/// each leg, and writes the summary. Deterministic; every effect is an activity's.
/// </summary>
public sealed class JobWorkflow : IWorkflow<JobState>
{
    /// <summary>A part is committed before it has this many blocks: Azure commits at most 50,000.</summary>
    private const int MaxBlocksBeforeCommit = 20_000;

    public async Task<WorkflowTurn<JobState>> RunTurnAsync(IWorkflowContext context, JobState state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        if (state.Version > JobState.CurrentVersion)
            throw new WorkflowVersionException(state.Version, JobState.CurrentVersion);
        var plan = state.Plan;
        if (plan is null)
        {
            plan = await context.CallAsync(JobActivities.Prepare, state.JobId);
            state = state with { Plan = plan, StartedAt = context.UtcNow };
        }

        context.ReportProgress(ProgressOf(state.JobId, plan, state.Counts));
        // Cancelled already: resumed where only the summary was missing.
        if (state.NextBatch < plan.Batches && !state.Cancelled)
            state = await RunLegAsync(context, state, plan);
        if (state.NextBatch < plan.Batches && !state.Cancelled)
            return WorkflowTurn.Continue(state);

        await context.CallAsync(JobActivities.Finish, state);
        return WorkflowTurn.Done(state);
    }

    private static async Task<JobState> RunLegAsync(IWorkflowContext context, JobState state, JobPlan plan)
    {
        var request = new LegRequest { JobId = state.JobId, Plan = plan, FirstBatch = state.NextBatch };
        var offsets = (await context.CallAsync(JobActivities.PlanLeg, request)).Offsets;
        var results = new BatchResult?[offsets.Count - 1];
        var (next, blocks, stop) = (0, 0, false);
        var counts = state.Counts;

        await Task.WhenAll(Enumerable.Range(0, Math.Min(plan.Window, results.Length)).Select(_ => LaneAsync()));

        // Lanes take batches in order and stop together, so the batches taken are a run from the leg's first.
        var after = Settle(state, plan, results.AsSpan(0, next), counts, stopped: stop);
        await context.CallAsync(JobActivities.CommitPart, new PartCommit
        {
            Part = state.Parts,
            Batches = [.. results.Take(next).Select(result => new[] { result!.Execution, result.Blocks })],
            After = after,
        });
        return after;

        async Task LaneAsync()
        {
            while (next < results.Length && !stop && blocks < MaxBlocksBeforeCommit)
            {
                var batch = next++;
                BatchResult result;
                try
                {
                    result = await context.CallAsync(JobActivities.RunBatch, new BatchRequest
                    {
                        JobId = state.JobId,
                        Part = state.Parts,
                        Batch = batch,
                        Offset = offsets[batch],
                        Length = offsets[batch + 1] - offsets[batch],
                    });
                }
                catch (ActivityFailedException)
                {
                    stop = true;
                    throw;
                }

                if (result.Refusal is { } refusal)
                {
                    stop = true;
                    throw new ActivityFailedException(refusal);
                }

                results[batch] = result;
                blocks += result.Blocks;
                stop |= result.NotAttempted > 0;
                counts = counts.Plus(result.Counts);
                context.ReportProgress(ProgressOf(state.JobId, plan, counts));
            }
        }
    }

    private static JobProgress ProgressOf(string jobId, JobPlan plan, JobCounts counts) => new()
    {
        JobId = jobId,
        Total = plan.Inputs,
        Succeeded = counts.Succeeded,
        Failed = counts.Failed,
    };

    /// <summary>The state after a leg; when the job was cancelled, with the inputs that were passed over.</summary>
    private static JobState Settle(JobState state, JobPlan plan, ReadOnlySpan<BatchResult?> results, JobCounts counts, bool stopped)
    {
        var nextBatch = state.NextBatch + results.Length;
        List<long[]> passedOver = [];
        for (var i = 0; stopped && i < results.Length; i++)
        {
            if (results[i]!.NotAttempted is > 0 and var missing)
                Add(Math.Min((state.NextBatch + i + 1) * plan.BatchSize, plan.Inputs) - missing, missing);
        }

        if (stopped && nextBatch < plan.Batches)
            Add(nextBatch * plan.BatchSize, plan.Inputs - (nextBatch * plan.BatchSize));
        return state with
        {
            NextBatch = nextBatch,
            Parts = state.Parts + 1,
            Counts = counts,
            Cancelled = stopped,
            NotAttempted = passedOver,
        };

        void Add(long first, long count)
        {
            if (passedOver is [.., var last] && last[0] + last[1] == first)
                last[1] += count;
            else
                passedOver.Add([first, count]);
        }
    }
}
