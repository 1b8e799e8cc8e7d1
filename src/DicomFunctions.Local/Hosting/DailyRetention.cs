using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Hosting;

/// <summary>
/// Removes old jobs of a data directory that no long-running host uses: at the end of a command, once a day. A file keeps the time of the
/// last removal. What a command has no time for, a later one removes.
/// </summary>
internal sealed class DailyRetention(string directory, IJobService jobs, TimeProvider time)
{
    /// <summary>An empty file in the data directory.</summary>
    public const string MarkerName = "retention";

    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly string _marker = Path.Combine(directory, MarkerName);

    /// <summary>Removes old jobs if it is time to. A failure is left to the next command, and to <c>jobs prune</c>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!IsDue())
                return;
            using var timeout = new CancellationTokenSource(Longest, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await jobs.RemoveExpiredAsync(either.Token).ConfigureAwait(false);
            await File.WriteAllBytesAsync(_marker, [], cancellationToken).ConfigureAwait(false);
            File.SetLastWriteTimeUtc(_marker, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception exception)
            when (exception is ObjectStoreException or OperationCanceledException || StoreError.IsFileSystem(exception))
        {
            // The command itself has succeeded.
        }
    }

    /// <summary>Whether a day has passed. A time in the future is that of a wrong clock.</summary>
    private bool IsDue()
    {
        var file = new FileInfo(_marker);
        var passed = time.GetUtcNow() - file.LastWriteTimeUtc;
        return !file.Exists || passed >= Interval || passed < TimeSpan.Zero;
    }
}
