using System.Diagnostics.CodeAnalysis;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Notifications;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Triggers;

/// <summary>Pulls the subscription, if there is one, until it is empty or the round's time is over.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger is a parameter, whether or not there is something to read in it.")]
public sealed class NotificationFunctions(INotificationPump pump, IOptions<NotificationOptions> options, InvocationClient invocation)
{
    [Function("PullNotifications")]
    public Task PullNotificationsAsync(
        [TimerTrigger("%PubSubSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        options.Value.Subscription is null
            ? Task.CompletedTask
            : invocation.UseAsync(client, () => pump.RunAsync(cancellationToken));
}
