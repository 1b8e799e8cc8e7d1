using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Works the drop folder until nothing is left: looks, makes one job of what is there, runs it, clears it away, looks again.
/// Events only wake it; what it does is decided by what it finds.
/// </summary>
public sealed class DropWorkflow : IWorkflow<DropState>
{
    private readonly JobWorkflow _jobs = new();

    public async Task<WorkflowTurn<DropState>> RunTurnAsync(IWorkflowContext context, DropState state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        var job = state.Job;
        if (job is null)
        {
            var id = JobId.Create(context.UtcNow);
            // From here on no earlier job is this instance's: not one that failed before it was started anew, nor one now cleared away.
            context.ReportProgress(new JobProgress { JobId = id });
            var round = await context.CallAsync(DropActivities.Collect, id);
            if (round.Files == 0)
            {
                if (round.SettlesIn is not { } wait)
                    return WorkflowTurn.Done(state);
                await context.DelayAsync(wait);
                return WorkflowTurn.Continue(state);
            }

            context.ReportProgress(new JobProgress { JobId = id, Total = round.Files });
            job = new JobState { JobId = id };
        }

        var turn = await _jobs.RunTurnAsync(context, job);
        if (!turn.IsDone)
            return WorkflowTurn.Continue(new DropState { Job = turn.State });
        await context.CallAsync(DropActivities.Settle, job.JobId);
        // A cancelled job leaves files behind: taking them up at once would undo the cancel.
        return turn.State.Cancelled ? WorkflowTurn.Done(new DropState()) : WorkflowTurn.Continue(new DropState());
    }
}
