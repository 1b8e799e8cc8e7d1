using System.Runtime.CompilerServices;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Sources;

/// <summary>
/// Dropped files: names and globs without a scheme, such as <c>drop/incoming/**/*.dcm</c>. Nothing else in the object store may be
/// named: it holds other callers' jobs and, on Azure, whatever else uses the account.
/// </summary>
/// <param name="store">The object store.</param>
/// <param name="objects">Opens its objects.</param>
/// <param name="folder">The only folder whose objects can be named.</param>
internal sealed class ObjectStoreSource(IObjectStore store, StoredObjects objects, SourceFolder folder) : ISourceProvider
{
    private const int PageSize = 1000;

    private readonly SourceProblem _notOpen = new(
        FailureCode.Forbidden,
        $"Only {folder.Prefix} can be read in the object store. Use {folder.Prefix}…, gs://bucket/name or file:path.");

    public string Example => folder.Prefix + "…";

    public bool CanOpen(string reference) => SourceScheme.Of(reference).IsEmpty;

    public bool IsPattern(string reference) => Glob.IsPattern(reference);

    public IAsyncEnumerable<SourcePage> ExpandAsync(string reference, string? after, CancellationToken cancellationToken)
    {
        if (!IsPattern(reference))
            return SourcePages.One(new(reference));
        if (ObjectName.Problem(reference.TrimEnd('/')) is { } problem)
            return SourcePages.Failed(reference, FailureCode.BadReference, problem);
        var glob = new Glob(reference);
        if (glob.Folder.Length == 0)
        {
            return SourcePages.Failed(
                reference, FailureCode.BadReference,
                $"A pattern must start with a folder's whole name and a slash, such as {folder.Prefix}.");
        }

        return IsOpen(reference)
            ? List(glob, after, cancellationToken)
            : SourcePages.One(new(reference, _notOpen));
    }

    public async Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken)
    {
        if (ObjectName.Problem(reference) is { } problem)
            return SourceOpening.Failed(FailureCode.BadReference, problem);
        return IsOpen(reference)
            ? await objects.OpenAsync(reference, cancellationToken).ConfigureAwait(false)
            : new SourceOpening(_notOpen);
    }

    private bool IsOpen(string reference) => reference.StartsWith(folder.Prefix, StringComparison.Ordinal);

    /// <param name="glob">The pattern.</param>
    /// <param name="after">The last name of the page before. Names come in ordinal order.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    private async IAsyncEnumerable<SourcePage> List(
        Glob glob, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = new List<SourceItem>();
        await foreach (var item in store.ListAsync(glob.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!glob.IsMatch(item.Name) || string.CompareOrdinal(item.Name, after) <= 0)
                continue;
            items.Add(new(item.Name));
            if (items.Count < PageSize)
                continue;
            yield return new([.. items], item.Name);
            items.Clear();
        }

        if (items.Count > 0)
            yield return new(items);
    }
}
