namespace DicomFunctions.Core.Storage;

/// <summary>
/// Where jobs and dropped files live: Azure Blob Storage, or a directory.
/// Names are relative, <c>/</c>-separated and checked by <see cref="ObjectName"/>; the first segment is the container.
/// </summary>
/// <remarks>
/// Every write is atomic and durable when its task completes: a reader sees the old object or the new one, never a part.
/// An unreadable or unwritable store throws <see cref="ObjectStoreException"/>: broken infrastructure, for the engine to retry.
/// Where the one object is the trouble, it is an <see cref="ObjectDeniedException"/>, <see cref="ObjectDamagedException"/> or
/// <see cref="ObjectNameTakenException"/>.
/// </remarks>
public interface IObjectStore
{
    /// <summary>The properties of an object, or null when there is none of that name.</summary>
    Task<ObjectProperties?> GetPropertiesAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens an object, or a range of it, for reading. Null when there is none of that name.</summary>
    /// <param name="name">The object.</param>
    /// <param name="range">The bytes wanted; clipped to the object's end.</param>
    /// <param name="ifMatch">When given, the ETag the object must still have.</param>
    /// <param name="cancellationToken">Cancels the opening; reads take their own.</param>
    /// <exception cref="ObjectChangedException">The object's ETag is not <paramref name="ifMatch"/>.</exception>
    Task<Stream?> OpenReadAsync(string name, ObjectRange range, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Writes an object whole, replacing what was there if <paramref name="condition"/> allows it.</summary>
    /// <returns>The new properties; null when the condition was not met and nothing was written.</returns>
    Task<ObjectProperties?> PutAsync(string name, Stream content, PutCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps one block of an object yet to be committed. A block of the same id is replaced whole; of two writers of one id,
    /// one wins whole. Staged blocks are invisible until <see cref="CommitBlocksAsync"/>.
    /// </summary>
    Task StageBlockAsync(string name, BlockId block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the object of the staged blocks named, in that order, and drops the others. Repeating a commit with the same list,
    /// after one whose answer was lost, changes nothing and succeeds.
    /// </summary>
    /// <exception cref="ObjectStoreException">A named block was never staged.</exception>
    Task CommitBlocksAsync(string name, IReadOnlyList<BlockId> blocks, CancellationToken cancellationToken);

    /// <summary>
    /// Lists every object whose name starts with <paramref name="prefix"/>, all folders down, in ordinal order of names within
    /// what the store promises (Azure: ordinal). Objects that come or go meanwhile may or may not be seen. Others may have written
    /// objects under names that <see cref="ObjectName"/> refuses: they are listed where the store can name them.
    /// </summary>
    IAsyncEnumerable<ObjectProperties> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Lists the full names of the folders right below <paramref name="folder"/> (no trailing slash), in ordinal order.</summary>
    IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Moves an object inside the store, without a round trip of its bytes, replacing what was at the target. False when there was none.</summary>
    /// <param name="source">The object. Where a listing gives names that <see cref="ObjectName"/> refuses, one of those too: so it gets a better one.</param>
    /// <param name="target">Its new name.</param>
    /// <param name="ifMatch">When given, the ETag the object must still have; otherwise it is left and false comes back.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ObjectNameTakenException">A folder has the target's name, or an object the name of the target's folder.</exception>
    Task<bool> MoveAsync(string source, string target, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Deletes an object, together with blocks staged under its name. False when there was none.</summary>
    /// <param name="name">The object.</param>
    /// <param name="ifMatch">When given, the ETag the object must still have; otherwise it is left and false comes back.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<bool> DeleteAsync(string name, string? ifMatch, CancellationToken cancellationToken);
}
