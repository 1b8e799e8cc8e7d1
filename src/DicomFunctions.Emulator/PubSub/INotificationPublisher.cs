using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Where stores publish what happens in them.</summary>
internal interface INotificationPublisher : IAsyncDisposable
{
    /// <summary>Called once for each store, before its first event: makes topic and subscription where that is its business.</summary>
    void StoreCreated(StoreName store);

    /// <summary>Hands an event on. Never waits and never fails: a Pub/Sub that is away does not keep anyone from storing.</summary>
    void Publish(StoreName store, StoreEvent storeEvent);
}
