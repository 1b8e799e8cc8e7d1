using System.Diagnostics.CodeAnalysis;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.PubSub;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Triggers;

/// <summary>Notifications of DICOM stores: pulled if there is a subscription, and pushed.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger must be a parameter, even if it is not used.")]
public sealed class NotificationFunctions(
    INotificationPump pump, IOptions<NotificationOptions> options, PushApi push, InvocationClient invocation)
{
    /// <summary>Pulls until the subscription is empty or the time of one round is up.</summary>
    [Function("PullNotifications")]
    public Task PullNotificationsAsync(
        [TimerTrigger("%PubSubSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        options.Value.Subscription is null
            ? Task.CompletedTask
            : invocation.UseAsync(client, () => pump.RunAsync(cancellationToken));

    /// <summary>Needs no key: the subscription's OIDC token authorizes it.</summary>
    [Function("Push")]
    public Task<IResult> PushAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/pubsub/push")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => push.PushAsync(request));
}
