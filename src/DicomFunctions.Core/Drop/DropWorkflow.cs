using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Processes the drop folder until nothing is left: looks, creates one job of the files there, runs it, clears them, and looks again.
/// Events only wake it; the listing decides. After a round that could clear no file, the next waits longer each time, or until the folder
/// changes.
/// </summary>
internal sealed class DropWorkflow : IWorkflow<DropState>
{
    private const int MaxDoublings = 10;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>How often it checks for changes while it waits.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    private readonly JobWorkflow _jobWorkflow = new();

    public async Task<WorkflowTurn<DropState>> RunTurnAsync(IWorkflowContext context, DropState state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        var job = state.Job;
        if (job is null)
        {
            if (state.FruitlessRounds > 0 && WaitAfter(state.FruitlessRounds) - state.Waited is var rest && rest > TimeSpan.Zero)
                return WorkflowTurn.Continue(await WaitAsync(context, state, rest));
            var id = JobId.Create(context.UtcNow);
            // Earlier jobs no longer belong to this instance: neither one that failed before a restart, nor one that was cleared.
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
            job = new JobState { JobId = id, Plan = round.Plan };
        }

        var turn = await _jobWorkflow.RunTurnAsync(context, job);
        if (!turn.IsDone)
            return WorkflowTurn.Continue(state with { Job = turn.State });
        var isFruitful = await context.CallAsync(DropActivities.Clear, job.JobId) != ClearDrop.NothingDone;
        // A cancelled job leaves files behind: uploading them at once would undo the cancel.
        if (turn.State.Cancelled)
            return WorkflowTurn.Done(new DropState());
        return WorkflowTurn.Continue(isFruitful ? new DropState() : new DropState
        {
            FruitlessRounds = state.FruitlessRounds + 1,
            Seen = state.Seen ?? await context.CallAsync(DropActivities.Look, DropActivities.InstanceId),
        });
    }

    private static async Task<DropState> WaitAsync(IWorkflowContext context, DropState state, TimeSpan rest)
    {
        var wait = rest < LookInterval ? rest : LookInterval;
        await context.DelayAsync(wait);
        return await context.CallAsync(DropActivities.Look, DropActivities.InstanceId) == state.Seen
            ? state with { Waited = state.Waited + wait }
            : new DropState();
    }

    private static TimeSpan WaitAfter(int rounds) =>
        FirstWait * Math.Pow(2, Math.Min(rounds - 1, MaxDoublings)) is var wait && wait < LongestWait ? wait : LongestWait;
}
