using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>
/// Runs a job leg by leg: hands out its inputs to at most <c>max_workers</c> runs at once, then commits the leg and, with the last one, the
/// summary. Deterministic: all I/O is in activities.
/// </summary>
internal sealed class JobWorkflow : IWorkflow<JobState>
{
    public async Task<WorkflowTurn<JobState>> RunTurnAsync(IWorkflowContext context, JobState state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        try
        {
            return await RunLegAsync(context, state);
        }
        catch (ActivityFailedException)
        {
            await AnnounceFailureAsync(context, state.JobId);
            throw;
        }
    }

    /// <summary>The progress of a job whose records are committed up to its state, and that has counted more since.</summary>
    internal static JobProgress ProgressOf(JobState state, JobCounts counts, long legEnd) => new()
    {
        JobId = state.JobId,
        Total = state.Plan!.Inputs,
        Succeeded = counts.Succeeded,
        Failed = counts.Failed,
        Failures = counts.Failures,
        Committed = state.Counts.Succeeded + state.Counts.Failed,
        LegEnd = legEnd,
    };

    private static async Task<WorkflowTurn<JobState>> RunLegAsync(IWorkflowContext context, JobState state)
    {
        if (state.Version > JobState.CurrentVersion)
            throw new WorkflowVersionException(state.Version, JobState.CurrentVersion);
        // Before any call: the history of a turn begun by an earlier build has other calls, so the upgrade continues in the next turn.
        if (state.Version < JobState.CurrentVersion)
            return WorkflowTurn.Continue(state.Upgraded());
        if (state.Plan is null)
            state = state with { Plan = await context.CallAsync(JobActivities.Begin, state.JobId) };
        else if (state.Plan.Expansion is { } point)
            state = state with { Plan = await ExpandAsync(context, state.JobId, point) };
        state = state with { StartedAt = state.StartedAt ?? context.UtcNow };
        context.ReportProgress(ProgressOf(state, state.Counts, legEnd: 0));
        if (state.Plan.Expansion is not null)
            return WorkflowTurn.Continue(state);
        // Nothing left to process: the job has no inputs, or was resumed with only the summary missing.
        var leg = state.IsWorked
            ? new LegCommit { Part = state.Parts, Runs = [], After = state }
            : await new JobLeg(context, state).RunAsync();
        await context.CallAsync(JobActivities.Commit, leg);
        return leg.After.IsWorked ? WorkflowTurn.Done(leg.After) : WorkflowTurn.Continue(leg.After);
    }

    private static Task<JobPlan> ExpandAsync(IWorkflowContext context, string jobId, ExpansionPoint point) =>
        context.CallAsync(JobActivities.Expand, new ExpandRequest { JobId = jobId, After = point });

    private static async Task AnnounceFailureAsync(IWorkflowContext context, string jobId)
    {
        try
        {
            await context.CallAsync(JobActivities.AnnounceFailure, jobId);
        }
        catch (ActivityFailedException)
        {
            // What broke the job may break this as well. The job's own failure counts.
        }
    }
}
