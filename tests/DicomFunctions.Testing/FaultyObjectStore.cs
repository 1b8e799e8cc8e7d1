using DicomFunctions.Core.Storage;

namespace DicomFunctions.Testing;

/// <summary>An object store that fails when it is told to.</summary>
internal sealed class FaultyObjectStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Asked before every call, with the member's and the object's name; what it gives is thrown.</summary>
    public Func<string, string, Exception?> Fault { get; set; } = static (_, _) => null;

    /// <summary>What an object is read through, by its name.</summary>
    public Func<string, Stream, Stream> Reading { get; set; } = static (_, content) => content;

    /// <summary>Waited for once an object was written, before its writer is told.</summary>
    public Func<string, Task> AfterPut { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Whether lists of folders end as soon as they may.</summary>
    public bool EndsWithEnough { get; set; }

    /// <summary>Lets the store fail at everything.</summary>
    public bool IsDown
    {
        set => Fault = value ? static (_, _) => new ObjectStoreException("The disk is gone.") : static (_, _) => null;
    }

    public Task<ObjectProperties?> GetPropertiesAsync(string name, CancellationToken cancellationToken)
    {
        Check(nameof(GetPropertiesAsync), name);
        return inner.GetPropertiesAsync(name, cancellationToken);
    }

    public async Task<Stream?> OpenReadAsync(string name, ObjectRange range, string? ifMatch, CancellationToken cancellationToken)
    {
        Check(nameof(OpenReadAsync), name);
        return await inner.OpenReadAsync(name, range, ifMatch, cancellationToken) is { } content ? Reading(name, content) : null;
    }

    public async Task<ObjectProperties?> PutAsync(string name, Stream content, PutCondition condition, CancellationToken cancellationToken)
    {
        Check(nameof(PutAsync), name);
        var put = await inner.PutAsync(name, content, condition, cancellationToken);
        await AfterPut(name);
        return put;
    }

    public Task StageBlockAsync(string name, BlockId block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Check(nameof(StageBlockAsync), name);
        return inner.StageBlockAsync(name, block, content, cancellationToken);
    }

    public Task CommitBlocksAsync(string name, IReadOnlyList<BlockId> blocks, CancellationToken cancellationToken)
    {
        Check(nameof(CommitBlocksAsync), name);
        return inner.CommitBlocksAsync(name, blocks, cancellationToken);
    }

    public IAsyncEnumerable<ObjectProperties> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        Check(nameof(ListAsync), prefix);
        return inner.ListAsync(prefix, cancellationToken);
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, int? enough, CancellationToken cancellationToken)
    {
        Check(nameof(ListFoldersAsync), prefix);
        var folders = inner.ListFoldersAsync(prefix, enough, cancellationToken);
        return EndsWithEnough && enough is { } count ? folders.Take(count) : folders;
    }

    public Task<bool> MoveAsync(string source, string target, string? ifMatch, CancellationToken cancellationToken)
    {
        Check(nameof(MoveAsync), source);
        return inner.MoveAsync(source, target, ifMatch, cancellationToken);
    }

    public Task<bool> DeleteAsync(string name, string? ifMatch, CancellationToken cancellationToken)
    {
        Check(nameof(DeleteAsync), name);
        return inner.DeleteAsync(name, ifMatch, cancellationToken);
    }

    private void Check(string member, string name)
    {
        if (Fault(member, name) is { } exception)
            throw exception;
    }
}
