using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Sources;

/// <summary>All kinds of sources of files to upload. A reference of an unknown kind is a <see cref="SourceProblem"/>.</summary>
internal sealed class SourceCatalog(IEnumerable<ISourceProvider> providers)
{
    private readonly ISourceProvider[] _providers = [.. providers];

    private readonly SourceProblem _unknown = new(
        FailureCode.BadReference,
        $"Unknown kind of source. Use {string.Join(" or ", providers.Select(provider => provider.Example))}.");

    /// <summary>Whether a reference is a pattern or a folder: see <see cref="ISourceProvider.IsPattern"/>.</summary>
    public bool IsPattern(string reference) => Find(reference)?.IsPattern(reference) ?? false;

    /// <summary>Lists the sources that a reference stands for: see <see cref="ISourceProvider.ExpandAsync"/>.</summary>
    public IAsyncEnumerable<SourcePage> ExpandAsync(string reference, string? after, CancellationToken cancellationToken) =>
        Find(reference)?.ExpandAsync(reference, after, cancellationToken) ?? SourcePages.One(new(reference, _unknown));

    /// <summary>Opens a source: see <see cref="ISourceProvider.OpenAsync"/>.</summary>
    public Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken) =>
        Find(reference)?.OpenAsync(reference, cancellationToken) ?? Task.FromResult(new SourceOpening(_unknown));

    private ISourceProvider? Find(string reference) => Array.Find(_providers, p => p.CanOpen(reference));
}
