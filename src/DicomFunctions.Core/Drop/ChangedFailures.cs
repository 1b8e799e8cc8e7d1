using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Takes back to <c>drop/incoming</c> what was written to after it went to <c>drop/failed</c>: a writer that stalls for longer than the
/// settle time goes on writing to the file it holds open, wherever that is by then. For object stores where that can be, a directory;
/// a blob, once moved, is another blob.
/// </summary>
internal sealed class ChangedFailures(IObjectStore store, DropErrors errors)
{
    /// <summary>Files, at their versions, that were found unchanged: so that each error is read once, and not each time.</summary>
    private HashSet<(int Name, int Version)> _unchanged = [];

    /// <summary>Takes back what can be, one file's trouble being its own. How many files that was.</summary>
    public async Task<int> TakeBackAsync(CancellationToken cancellationToken)
    {
        var (taken, unchanged) = (0, new HashSet<(int Name, int Version)>());
        await foreach (var file in store.ListAsync(DropFolder.Failed, cancellationToken).ConfigureAwait(false))
        {
            var seen = (string.GetHashCode(file.Name, StringComparison.Ordinal), string.GetHashCode(file.ETag, StringComparison.Ordinal));
            if (_unchanged.Contains(seen) || !await IsChangedAsync(file, cancellationToken).ConfigureAwait(false))
                unchanged.Add(seen);
            else if (await TakeBackAsync(file, cancellationToken).ConfigureAwait(false))
                taken++;
        }

        _unchanged = unchanged;
        return taken;
    }

    private async Task<bool> IsChangedAsync(ObjectProperties file, CancellationToken cancellationToken) =>
        await errors.FindAsync(DropNames.Error(DropNames.InIncoming(file.Name)), cancellationToken).ConfigureAwait(false)
            is ({ Left: null, Modified: { } modified, Bytes: { } bytes }, _)
        && (modified != file.LastModified || bytes != file.Length);

    private async Task<bool> TakeBackAsync(ObjectProperties file, CancellationToken cancellationToken)
    {
        var name = DropNames.InIncoming(file.Name);
        try
        {
            foreach (var candidate in DropNames.Candidates(name, file.ETag).Take(2))
            {
                if (await store.GetPropertiesAsync(candidate, cancellationToken).ConfigureAwait(false) is not null)
                    continue;
                if (!await store.MoveAsync(file.Name, candidate, file.ETag, cancellationToken).ConfigureAwait(false))
                    return false;
                await errors.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
                return true;
            }
        }
        catch (Exception exception) when (DropTrouble.IsOfTheFile(exception, cancellationToken))
        {
            // It stays in drop/failed with its error, and is looked at again.
        }

        return false;
    }
}
