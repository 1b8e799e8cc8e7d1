using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Publishes to the emulator's own Pub/Sub.</summary>
internal sealed class BrokerPublisher(PubSubBroker broker, NotificationNames names, EmulatorStatistics statistics, TimeProvider time)
    : INotificationPublisher
{
    public void StoreCreated(StoreName store)
    {
        broker.CreateTopic(names.TopicOf(store));
        if (names.SubscriptionOf(store) is { } subscription)
            broker.CreateSubscription(subscription, names.TopicOf(store), PubSubBroker.DefaultAckDeadline);
    }

    public void Publish(StoreName store, StoreEvent storeEvent)
    {
        if (broker.Publish(names.TopicOf(store), MessageMembers.Of(store, storeEvent, time.GetUtcNow())) is not null)
            statistics.CountNotifications(1);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
