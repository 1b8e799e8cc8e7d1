using System.Runtime.CompilerServices;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Sources;

/// <summary>Sources that are objects of the object store: names and globs without a scheme, such as <c>drop/incoming/**/*.dcm</c>.</summary>
internal sealed class ObjectStoreSource(IObjectStore store) : ISourceProvider
{
    public bool CanOpen(string reference) => SourceScheme.Of(reference).IsEmpty;

    public bool IsPattern(string reference) => Glob.IsPattern(reference);

    public IAsyncEnumerable<SourceItem> ExpandAsync(string reference, CancellationToken cancellationToken)
    {
        if (!IsPattern(reference))
            return SourceItems.One(new(reference));
        if (ObjectName.Problem(reference.TrimEnd('/')) is { } problem)
            return SourceItems.Failed(reference, SourceProblemCode.BadReference, problem);
        var glob = new Glob(reference);
        return glob.Folder.Length == 0
            ? SourceItems.Failed(reference, SourceProblemCode.BadReference, "A pattern begins with a whole folder's name and a slash, such as drop/.")
            : List(glob, cancellationToken).OrNoMatch(reference, cancellationToken);
    }

    public async Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken)
    {
        if (ObjectName.Problem(reference) is { } problem)
            return SourceOpening.Failed(SourceProblemCode.BadReference, problem);
        try
        {
            // The second time, for an object replaced between its properties and its bytes.
            return await TryOpenAsync(reference, cancellationToken).ConfigureAwait(false)
                ?? await TryOpenAsync(reference, cancellationToken).ConfigureAwait(false)
                ?? SourceOpening.Failed(SourceProblemCode.Changed, "The object is being written. Try again when it is complete.");
        }
        catch (ObjectDeniedException)
        {
            return SourceOpening.Failed(SourceProblemCode.Unreadable, "This host is not permitted to read the object.");
        }
        catch (ObjectDamagedException)
        {
            return SourceOpening.Failed(SourceProblemCode.Unreadable, "The object can not be read: its disk is damaged there.");
        }
        catch (ArgumentException)
        {
            return SourceOpening.Failed(SourceProblemCode.BadReference, "The object store allows no object of that name.");
        }
    }

    private async Task<SourceOpening?> TryOpenAsync(string name, CancellationToken cancellationToken)
    {
        if (await store.GetPropertiesAsync(name, cancellationToken).ConfigureAwait(false) is not { } properties)
            return SourceOpening.Failed(SourceProblemCode.NotFound, "There is no such object in the object store.");
        if (properties.Length == 0)
            return SourceOpening.Failed(SourceProblemCode.Empty, "The object is empty.");
        try
        {
            var content = await store.OpenReadAsync(name, ObjectRange.All, properties.ETag, cancellationToken).ConfigureAwait(false);
            return content is null
                ? SourceOpening.Failed(SourceProblemCode.NotFound, "The object was deleted while it was opened.")
                : new SourceOpening(new OpenedSource(content, properties.Length, properties.ETag, IsUnchangedAsync));
        }
        catch (ObjectChangedException)
        {
            return null;
        }

        async ValueTask<bool> IsUnchangedAsync(CancellationToken cancellation) =>
            (await store.GetPropertiesAsync(name, cancellation).ConfigureAwait(false))?.ETag == properties.ETag;
    }

    private async IAsyncEnumerable<SourceItem> List(Glob glob, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in store.ListAsync(glob.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (glob.IsMatch(item.Name))
                yield return new(item.Name);
        }
    }
}
