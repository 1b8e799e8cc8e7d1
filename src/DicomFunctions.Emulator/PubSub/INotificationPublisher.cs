using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Publishes the events of stores.</summary>
internal interface INotificationPublisher : IAsyncDisposable
{
    /// <summary>Creates a store's topic and subscription. Called once for each store, before its first event.</summary>
    void StoreCreated(StoreName store);

    /// <summary>Publishes an event. Never waits and never fails: storing works while Pub/Sub is down.</summary>
    void Publish(StoreName store, StoreEvent storeEvent);
}
