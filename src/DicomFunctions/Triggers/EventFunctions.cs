using System.Diagnostics.CodeAnalysis;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Events;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.App.Triggers;

/// <summary>Wakes the events workflow if there is an event that it has missed.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger must be a parameter, even if it is not used.")]
public sealed class EventFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly EventDoorbell _doorbell = services.GetRequiredService<EventDoorbell>();

    [Function("EventTimer")]
    public Task EventTimerAsync(
        [TimerTrigger("%EventSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        invocation.UseAsync(client, () => _doorbell.RingIfNeededAsync(cancellationToken));
}
