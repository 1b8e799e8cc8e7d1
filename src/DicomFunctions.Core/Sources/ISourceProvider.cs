namespace DicomFunctions.Core.Sources;

/// <summary>A kind of source of files to upload. Others can be registered; <see cref="SourceCatalog"/> selects by reference.</summary>
/// <remarks>
/// Expected failures (missing, forbidden, an empty pattern, changed) are a <see cref="SourceProblem"/>, never an exception. The only
/// exceptions are failures of the object store (<see cref="Storage.ObjectStoreException"/>) and cancellation.
/// </remarks>
internal interface ISourceProvider
{
    /// <summary>An example of a reference, for error messages: <c>gs://bucket/name</c>.</summary>
    string Example { get; }

    /// <summary>Whether a reference is of this kind, judged by its form alone.</summary>
    bool CanOpen(string reference);

    /// <summary>Whether a reference is a pattern or a folder, which <see cref="ExpandAsync"/> expands.</summary>
    bool IsPattern(string reference);

    /// <summary>
    /// Lists the sources that match a pattern, page by page; none if nothing matches. If something cannot be listed completely, an item has
    /// a problem. A reference that is not a pattern is returned as it is, unopened.
    /// </summary>
    /// <param name="reference">The pattern.</param>
    /// <param name="after">The <see cref="SourcePage.Next"/> of the page to continue after; null to start.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    IAsyncEnumerable<SourcePage> ExpandAsync(string reference, string? after, CancellationToken cancellationToken);

    /// <summary>Opens a source to be read once from its start. Wildcards have no meaning here.</summary>
    Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken);
}
