using System.Runtime.CompilerServices;
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
    private readonly SourceProblem _notOpen = new(
        SourceProblemCode.Forbidden,
        $"Only {folder.Prefix} can be read in the object store. Use {folder.Prefix}…, gs://bucket/name or file:path.");

    public string Example => folder.Prefix + "…";

    public bool CanOpen(string reference) => SourceScheme.Of(reference).IsEmpty;

    public bool IsPattern(string reference) => Glob.IsPattern(reference);

    public IAsyncEnumerable<SourceItem> ExpandAsync(string reference, CancellationToken cancellationToken)
    {
        if (!IsPattern(reference))
            return SourceItems.One(new(reference));
        if (ObjectName.Problem(reference.TrimEnd('/')) is { } problem)
            return SourceItems.Failed(reference, SourceProblemCode.BadReference, problem);
        var glob = new Glob(reference);
        if (glob.Folder.Length == 0)
        {
            return SourceItems.Failed(
                reference, SourceProblemCode.BadReference,
                $"A pattern must start with a folder's whole name and a slash, such as {folder.Prefix}.");
        }

        return IsOpen(reference)
            ? List(glob, cancellationToken).OrNoMatch(reference, cancellationToken)
            : SourceItems.One(new(reference, _notOpen));
    }

    public async Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken)
    {
        if (ObjectName.Problem(reference) is { } problem)
            return SourceOpening.Failed(SourceProblemCode.BadReference, problem);
        return IsOpen(reference)
            ? await objects.OpenAsync(reference, cancellationToken).ConfigureAwait(false)
            : new SourceOpening(_notOpen);
    }

    private bool IsOpen(string reference) => reference.StartsWith(folder.Prefix, StringComparison.Ordinal);

    private async IAsyncEnumerable<SourceItem> List(Glob glob, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in store.ListAsync(glob.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (glob.IsMatch(item.Name))
                yield return new(item.Name);
        }
    }
}
