namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>A test with an emulator of its own, in memory unless <see cref="Options"/> says otherwise.</summary>
public abstract class EmulatorTest : IAsyncLifetime
{
    internal const string StorePath = "projects/p/locations/l/datasets/d/dicomStores/s";

    internal DicomStoreEmulator Emulator { get; private set; } = null!;

    internal StoreClient Store { get; private set; } = null!;

    protected virtual EmulatorOptions Options => new() { PubSubEmulatorHost = "" };

    public virtual async Task InitializeAsync()
    {
        Emulator = await DicomStoreEmulator.StartAsync(Options);
        Store = new StoreClient(Emulator.BaseAddress, StorePath);
    }

    public virtual async Task DisposeAsync()
    {
        Store.Dispose();
        await Emulator.DisposeAsync();
    }
}
