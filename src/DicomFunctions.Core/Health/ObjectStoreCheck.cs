using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Health;

/// <summary>Whether an object can be written and deleted: shows a full disk, a lost permission or a missing storage account.</summary>
internal sealed class ObjectStoreCheck(IObjectStore store) : IHealthCheck
{
    private const string Probe = "jobs/.health";

    public string Name => "object_store";

    public bool IsDeep => false;

    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        using var content = new MemoryStream("ok"u8.ToArray(), writable: false);
        await store.PutAsync(Probe, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(Probe, ifMatch: null, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
