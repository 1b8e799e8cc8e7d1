using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Sources;

/// <summary>Opens any object of the object store for an upload. The caller must have checked that it may be read.</summary>
internal sealed class StoredObjects(IObjectStore store)
{
    public async Task<SourceOpening> OpenAsync(string name, CancellationToken cancellationToken)
    {
        if (ObjectName.Problem(name) is { } problem)
            return SourceOpening.Failed(FailureCode.BadReference, problem);
        try
        {
            // The second attempt is for an object that was replaced between reading its properties and its bytes.
            return await TryOpenAsync(name, cancellationToken).ConfigureAwait(false)
                ?? await TryOpenAsync(name, cancellationToken).ConfigureAwait(false)
                ?? SourceOpening.Failed(FailureCode.Changed, "The object is being written. Try again when it is complete.");
        }
        catch (ObjectDeniedException)
        {
            return SourceOpening.Failed(FailureCode.Unreadable, "This host is not permitted to read the object.");
        }
        catch (ObjectDamagedException)
        {
            return SourceOpening.Failed(FailureCode.Unreadable, "The object cannot be read: its disk is damaged there.");
        }
        catch (ArgumentException)
        {
            return SourceOpening.Failed(FailureCode.BadReference, "The object store does not allow that name.");
        }
    }

    private async Task<SourceOpening?> TryOpenAsync(string name, CancellationToken cancellationToken)
    {
        if (await store.GetPropertiesAsync(name, cancellationToken).ConfigureAwait(false) is not { } properties)
            return SourceOpening.Failed(FailureCode.NotFound, "There is no such object in the object store.");
        if (properties.Length == 0)
            return SourceOpening.Failed(FailureCode.Empty, "The object is empty.");
        try
        {
            var content = await store.OpenReadAsync(name, ObjectRange.All, properties.ETag, cancellationToken).ConfigureAwait(false);
            return content is null
                ? SourceOpening.Failed(FailureCode.NotFound, "The object was deleted while it was being opened.")
                : new SourceOpening(new OpenedSource(content, properties.Length, properties.ETag, IsUnchangedAsync));
        }
        catch (ObjectChangedException)
        {
            return null;
        }

        async ValueTask<bool> IsUnchangedAsync(CancellationToken cancellation) =>
            (await store.GetPropertiesAsync(name, cancellation).ConfigureAwait(false))?.ETag == properties.ETag;
    }
}
