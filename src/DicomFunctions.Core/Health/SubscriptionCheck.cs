using DicomFunctions.Core.PubSub;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Health;

/// <summary>Whether this host's credentials allow pulling from the subscription. Receives no message.</summary>
internal sealed class SubscriptionCheck(RestSubscription subscription, IOptions<NotificationOptions> options) : IHealthCheck
{
    public string Name => "subscription";

    public bool IsDeep => true;

    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Subscription is not { } name)
            return null;
        try
        {
            return await subscription.MayBePulledAsync(cancellationToken).ConfigureAwait(false)
                ? null
                : $"{name}: no such subscription, or not permitted. Grant this host's account roles/pubsub.subscriber on it.";
        }
        catch (NotificationException exception)
        {
            return $"{name}: {exception.Message}";
        }
    }
}
