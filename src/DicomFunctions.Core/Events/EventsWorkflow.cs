using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Events;

/// <summary>
/// Sends what is in the outbox until nothing is left. After a round that has left events behind, the next waits longer each time, or
/// until there is another event.
/// </summary>
internal sealed class EventsWorkflow : IWorkflow<EventsState>
{
    private const int MaxDoublings = 10;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>How often it looks for other events while it waits.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    public async Task<WorkflowTurn<EventsState>> RunTurnAsync(IWorkflowContext context, EventsState state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        if (state.Failures > 0 && WaitAfter(state) - state.Waited is var rest && rest > TimeSpan.Zero)
        {
            var wait = rest < LookInterval ? rest : LookInterval;
            await context.DelayAsync(wait);
            if (wait < rest && await context.CallAsync(EventActivities.Look, EventActivities.InstanceId) == state.Seen)
                return WorkflowTurn.Continue(state with { Waited = state.Waited + wait });
        }

        var round = await context.CallAsync(EventActivities.Send, state.Failures);
        if (round.Left == 0)
            return WorkflowTurn.Done(new EventsState());
        return WorkflowTurn.Continue(round.IsUnfinished ? state : new EventsState
        {
            Failures = state.Failures + 1,
            Seen = round.Seen,
            RetryAfter = round.RetryAfter,
        });
    }

    private static TimeSpan WaitAfter(EventsState state)
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(state.Failures - 1, MaxDoublings));
        wait = wait < LongestWait ? wait : LongestWait;
        return state.RetryAfter > wait ? state.RetryAfter.Value : wait;
    }
}
