namespace DicomFunctions.Core.Sources;

/// <summary>All the places that files to upload come from, as one. A reference of no known kind is a problem, like any other.</summary>
public sealed class SourceCatalog(IEnumerable<ISourceProvider> providers)
{
    private readonly ISourceProvider[] _providers = [.. providers];

    private readonly SourceProblem _unknown = new(
        SourceProblemCode.BadReference,
        $"Unknown kind of source. Known kinds: {string.Join(", ", providers.Select(provider => provider.Example))}.");

    /// <summary>Tells whether a reference is a pattern or a folder: see <see cref="ISourceProvider.IsPattern"/>.</summary>
    public bool IsPattern(string reference) => Find(reference)?.IsPattern(reference) ?? false;

    /// <summary>Names everything a reference stands for: see <see cref="ISourceProvider.ExpandAsync"/>.</summary>
    public IAsyncEnumerable<SourceItem> ExpandAsync(string reference, CancellationToken cancellationToken) =>
        Find(reference)?.ExpandAsync(reference, cancellationToken) ?? SourceItems.One(new(reference, _unknown));

    /// <summary>Opens a source: see <see cref="ISourceProvider.OpenAsync"/>.</summary>
    public Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken) =>
        Find(reference)?.OpenAsync(reference, cancellationToken) ?? Task.FromResult(new SourceOpening(_unknown));

    private ISourceProvider? Find(string reference) => Array.Find(_providers, p => p.CanOpen(reference));
}
