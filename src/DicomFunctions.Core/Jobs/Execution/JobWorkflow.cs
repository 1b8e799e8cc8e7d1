using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>
/// Runs a job leg by leg: hands its inputs out to at most <c>max_workers</c> runs at a time, commits the results of each leg, and with the
/// last the summary. Deterministic; every effect is an activity's.
/// </summary>
public sealed class JobWorkflow : IWorkflow<JobState>
{
    public async Task<WorkflowTurn<JobState>> RunTurnAsync(IWorkflowContext context, JobState state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        if (state.Version > JobState.CurrentVersion)
            throw new WorkflowVersionException(state.Version, JobState.CurrentVersion);
        // Before any call: a turn that an earlier build began has calls of its own in its history, and is left for the next.
        if (state.Version < JobState.CurrentVersion)
            return WorkflowTurn.Continue(state.Upgraded());
        if (state.Plan is null)
            state = state with { Plan = await context.CallAsync(JobActivities.Begin, state.JobId) };
        state = state with { StartedAt = state.StartedAt ?? context.UtcNow };
        context.ReportProgress(ProgressOf(state.JobId, state.Plan, state.Counts));
        // Worked already: it has no inputs, or was resumed where only the summary was missing.
        var leg = state.IsWorked
            ? new LegCommit { Part = state.Parts, Runs = [], After = state }
            : await new JobLeg(context, state).RunAsync();
        await context.CallAsync(JobActivities.Commit, leg);
        return leg.After.IsWorked ? WorkflowTurn.Done(leg.After) : WorkflowTurn.Continue(leg.After);
    }

    internal static JobProgress ProgressOf(string jobId, JobPlan plan, JobCounts counts) => new()
    {
        JobId = jobId,
        Total = plan.Inputs,
        Succeeded = counts.Succeeded,
        Failed = counts.Failed,
    };
}
