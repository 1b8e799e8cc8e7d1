using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Publishes nothing, for stores without notifications.</summary>
internal sealed class NoPublisher : INotificationPublisher
{
    public void StoreCreated(StoreName store)
    {
    }

    public void Publish(StoreName store, StoreEvent storeEvent)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
