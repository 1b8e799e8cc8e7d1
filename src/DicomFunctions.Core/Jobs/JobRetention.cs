using System.Globalization;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs;

/// <summary>Removes what is older than <see cref="JobOptions.Retention"/>: ended jobs, and files of jobs that were never accepted.</summary>
public sealed class JobRetention
{
    /// <summary>A job that is still being sent has files but no spec; no request takes this long.</summary>
    private static readonly TimeSpan LongestDraft = TimeSpan.FromDays(1);

    private readonly JobContext _jobs;
    private readonly JobService _service;

    internal JobRetention(JobContext jobs, JobService service) => (_jobs, _service) = (jobs, service);

    /// <summary>
    /// Removes every job that ended, or came to a stop, longer ago than that. Jobs under way stay, however old. Gives the number removed.
    /// May be cut short at any moment: the next run finishes it.
    /// </summary>
    /// <exception cref="ObjectStoreException">The object store can not be used.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var limit = _jobs.Time.GetUtcNow() - _jobs.Options.Retention;
        var removed = 0;
        await foreach (var day in _jobs.Store.ListFoldersAsync(JobFiles.Root, cancellationToken).ConfigureAwait(false))
        {
            // Days come in order, and a job is no older than its id.
            if (string.CompareOrdinal(NameOf(day), limit.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)) > 0)
                break;
            await foreach (var folder in _jobs.Store.ListFoldersAsync(day, cancellationToken).ConfigureAwait(false))
            {
                var id = NameOf(folder);
                if (JobId.IsValid(id) && JobId.Time(id) <= limit && await RemoveAsync(id, limit, cancellationToken).ConfigureAwait(false))
                    removed++;
            }
        }

        return removed;
    }

    private async Task<bool> RemoveAsync(string id, DateTimeOffset limit, CancellationToken cancellationToken)
    {
        if (await _service.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } job)
        {
            return !(job.Summary?.FinishedAt > limit)
                && await _service.DeleteAsync(id, cancellationToken).ConfigureAwait(false) == JobActionResult.Done;
        }

        return _jobs.Time.GetUtcNow() - JobId.Time(id) > LongestDraft && await RemoveDraftAsync(id, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> RemoveDraftAsync(string id, CancellationToken cancellationToken)
    {
        var any = false;
        await foreach (var file in _jobs.Store.ListAsync(new JobFiles(id).Prefix, cancellationToken).ConfigureAwait(false))
            any |= await _jobs.Store.DeleteAsync(file.Name, ifMatch: null, cancellationToken).ConfigureAwait(false);
        return any;
    }

    private static string NameOf(string folder) => folder[(folder.LastIndexOf('/') + 1)..];
}
