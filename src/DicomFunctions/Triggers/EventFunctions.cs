using System.Diagnostics.CodeAnalysis;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Events;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Triggers;

/// <summary>Wakes the events workflow if there is an event that it has missed.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger must be a parameter, even if it is not used.")]
public sealed class EventFunctions(EventDoorbell doorbell, InvocationClient invocation)
{
    [Function("EventTimer")]
    public Task EventTimerAsync(
        [TimerTrigger("%EventSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        invocation.UseAsync(client, () => doorbell.RingIfNeededAsync(cancellationToken));
}
