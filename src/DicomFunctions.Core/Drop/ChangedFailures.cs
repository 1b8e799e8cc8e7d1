using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Moves files that were written to after they were moved to <c>drop/failed</c> back to <c>drop/incoming</c>. A writer that stalls for
/// longer than the settle time continues to write to its open file, wherever that was moved. This can happen in a directory; a moved blob
/// is another blob.
/// </summary>
internal sealed class ChangedFailures(IObjectStore store, DropErrors errors)
{
    /// <summary>Files found unchanged, at their versions, so that each error is read only once.</summary>
    private HashSet<(int Name, int Version)> _unchanged = [];

    /// <summary>Moves changed files back and returns their number. A file that cannot be moved does not stop the others.</summary>
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
            // It stays in drop/failed with its error, and is checked again.
        }

        return false;
    }
}
