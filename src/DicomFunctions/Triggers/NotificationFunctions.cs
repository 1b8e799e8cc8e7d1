using System.Diagnostics.CodeAnalysis;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.PubSub;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Triggers;

/// <summary>Notifications of DICOM stores: pulled if there is a subscription, and pushed.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger must be a parameter, even if it is not used.")]
public sealed class NotificationFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly INotificationPump _pump = services.GetRequiredService<INotificationPump>();
    private readonly IOptions<NotificationOptions> _options = services.GetRequiredService<IOptions<NotificationOptions>>();
    private readonly PushApi _push = services.GetRequiredService<PushApi>();

    /// <summary>Pulls until the subscription is empty or the time of one round is up.</summary>
    [Function("PullNotifications")]
    public Task PullNotificationsAsync(
        [TimerTrigger("%PubSubSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        _options.Value.Subscription is null
            ? Task.CompletedTask
            : invocation.UseAsync(client, () => _pump.RunAsync(cancellationToken));

    /// <summary>Needs no key: the subscription's OIDC token authorizes it.</summary>
    [Function("Push")]
    public Task<IResult> PushAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/pubsub/push")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        invocation.UseAsync(client, () => _push.PushAsync(request));
}
