using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Drop;

/// <summary>Counts the files of the drop folder.</summary>
internal sealed class DropBacklogCount(IObjectStore store, IOptions<DropOptions> options)
{
    /// <summary>Nobody needs to know how many more there are.</summary>
    public const int Most = 1_000;

    /// <summary>The counts; null if no files are taken from the folder.</summary>
    public async Task<DropBacklog?> FindAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsEnabled)
            return null;
        return new DropBacklog(
            await CountAsync(DropFolder.Incoming, static _ => true, cancellationToken).ConfigureAwait(false),
            await CountAsync(DropFolder.Failed, DropNames.IsError, cancellationToken).ConfigureAwait(false));
    }

    private async Task<int> CountAsync(string folder, Func<string, bool> counts, CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            await foreach (var file in store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
            {
                if (counts(file.Name) && ++count == Most)
                    break;
            }
        }
        catch (ObjectStoreException exception) when (exception is ObjectDeniedException or ObjectDamagedException)
        {
            // A folder in it that cannot be read hides its own files alone; the host logs that.
        }

        return count;
    }
}
