namespace DicomFunctions.Core.Storage;

/// <summary>
/// The storage of jobs and dropped files: Azure Blob Storage, or a directory.
/// Names are relative, separated by <c>/</c>, and valid by <see cref="ObjectName"/>. The first segment is the container.
/// </summary>
/// <remarks>
/// Every write is atomic, and durable when its task completes: readers see the old object or the new one, never a part of it.
/// A store that is unreachable or refuses access throws <see cref="ObjectStoreException"/>, and the engine retries.
/// If only the one object is affected, the exception is <see cref="ObjectDeniedException"/>, <see cref="ObjectDamagedException"/> or
/// <see cref="ObjectNameTakenException"/>.
/// </remarks>
internal interface IObjectStore
{
    /// <summary>The properties of an object, or null if it does not exist.</summary>
    Task<ObjectProperties?> GetPropertiesAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens an object, or a range of it, for reading. Null if it does not exist.</summary>
    /// <param name="name">The object.</param>
    /// <param name="range">The bytes to read, up to the object's end.</param>
    /// <param name="ifMatch">The ETag that the object must have; null for any.</param>
    /// <param name="cancellationToken">Cancels the opening, but not later reads.</param>
    /// <exception cref="ObjectChangedException">The object's ETag is not <paramref name="ifMatch"/>.</exception>
    Task<Stream?> OpenReadAsync(string name, ObjectRange range, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Writes a whole object, replacing an existing one if <paramref name="condition"/> allows it.</summary>
    /// <returns>The new properties; null if the condition was not met and nothing was written.</returns>
    Task<ObjectProperties?> PutAsync(string name, Stream content, PutCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// Stages one block of an uncommitted object, replacing a block with the same id. Of two concurrent writers of one id, one wins. Staged
    /// blocks are invisible until <see cref="CommitBlocksAsync"/>.
    /// </summary>
    Task StageBlockAsync(string name, BlockId block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Creates the object from the named staged blocks, in that order, and drops all others. Repeating a commit with the same blocks, after
    /// one whose answer was lost, changes nothing and succeeds.
    /// </summary>
    /// <exception cref="ObjectStoreException">A named block was never staged.</exception>
    Task CommitBlocksAsync(string name, IReadOnlyList<BlockId> blocks, CancellationToken cancellationToken);

    /// <summary>
    /// Lists every object whose name starts with <paramref name="prefix"/>, at any depth, in ordinal order. May or may not include objects
    /// added or deleted meanwhile. Includes objects of others whose names <see cref="ObjectName"/> refuses, if the store can represent
    /// them.
    /// </summary>
    IAsyncEnumerable<ObjectProperties> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the full names (no trailing slash), in ordinal order, of the folders whose names start with <paramref name="prefix"/> and
    /// have no further slash.
    /// </summary>
    /// <param name="prefix">A folder and a slash, perhaps with the beginning of the names in it; empty for the containers.</param>
    /// <param name="enough">The list may end with this many if the rest would cost another request. Null for all.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    IAsyncEnumerable<string> ListFoldersAsync(string prefix, int? enough, CancellationToken cancellationToken);

    /// <summary>
    /// Moves an object within the store without downloading it, and replaces the target. False if it does not exist or has another ETag.
    /// </summary>
    /// <param name="source">The object. May be a listed name that <see cref="ObjectName"/> refuses, in order to rename it.</param>
    /// <param name="target">Its new name.</param>
    /// <param name="ifMatch">The ETag that the object must have; null for any.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ObjectNameTakenException">A folder has the target's name, or an object the name of the target's folder.</exception>
    Task<bool> MoveAsync(string source, string target, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Deletes an object and its staged blocks. False if the object does not exist or has another ETag.</summary>
    /// <param name="name">The object.</param>
    /// <param name="ifMatch">The ETag that the object must have; null for any.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<bool> DeleteAsync(string name, string? ifMatch, CancellationToken cancellationToken);
}
