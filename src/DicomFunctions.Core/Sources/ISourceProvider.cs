namespace DicomFunctions.Core.Sources;

/// <summary>One kind of place that files to upload come from. Register more by DI; <see cref="SourceCatalog"/> picks by reference.</summary>
/// <remarks>
/// What can be expected to go wrong (missing, forbidden, empty pattern, changed) is a <see cref="SourceProblem"/>, never an exception.
/// Only the object store's own breakdown (<see cref="Storage.ObjectStoreException"/>) and cancellation are thrown.
/// </remarks>
public interface ISourceProvider
{
    /// <summary>An example of a reference, for error messages: <c>gs://bucket/name</c>.</summary>
    string Example { get; }

    /// <summary>Tells, by its form alone, whether a reference is of this kind.</summary>
    bool CanOpen(string reference);

    /// <summary>Tells whether a reference is a pattern or a folder, which <see cref="ExpandAsync"/> turns into many.</summary>
    bool IsPattern(string reference);

    /// <summary>
    /// Names everything a pattern stands for, as found, page by page. One that matches nothing, or can not be listed (to its end),
    /// gives an item with a problem. A reference that is no pattern gives itself, unopened.
    /// </summary>
    IAsyncEnumerable<SourceItem> ExpandAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Opens a source for one reading from its start; again for each further reading. Wildcards mean nothing here.</summary>
    Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken);
}
