using System.Globalization;
using System.Runtime.ExceptionServices;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Removes what is older than <see cref="JobOptions.Retention"/>: ended jobs, and files of jobs that were never accepted.</summary>
public sealed class JobRetention
{
    /// <summary>A job that is still being sent has files but no spec; no request takes this long.</summary>
    private static readonly TimeSpan LongestDraft = TimeSpan.FromDays(1);

    /// <summary>As many jobs that cannot be removed leave the others their turn; more are the store's trouble, not theirs.</summary>
    private const int MaxFailures = 100;

    private readonly JobContext _jobs;
    private readonly JobService _service;
    private readonly JobDeletion _deletion;

    internal JobRetention(JobContext jobs, JobService service, JobDeletion deletion) => (_jobs, _service, _deletion) = (jobs, service, deletion);

    /// <summary>
    /// Removes every job that ended, or came to a stop, longer ago than that. Jobs under way stay, however old. Gives the number removed.
    /// May be cut short at any moment: the next run finishes it. A job that cannot be removed keeps no other from it.
    /// </summary>
    /// <exception cref="ObjectStoreException">The object store cannot be used, or a job could not be removed.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var limit = _jobs.Time.GetUtcNow() - _jobs.Options.Retention;
        var removed = 0;
        List<Exception> failures = [];
        await foreach (var day in _jobs.DaysAsync(cancellationToken).ConfigureAwait(false))
        {
            // Days come in order, and a job is no older than its id.
            if (string.CompareOrdinal(day, limit.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)) > 0)
                break;
            foreach (var id in await _jobs.IdsAsync(day, cancellationToken).ConfigureAwait(false))
            {
                if (!JobId.IsValid(id) || JobId.Time(id) > limit)
                    continue;
                try
                {
                    removed += await RemoveAsync(id, limit, cancellationToken).ConfigureAwait(false) ? 1 : 0;
                }
                catch (Exception exception) when (failures.Count < MaxFailures && !cancellationToken.IsCancellationRequested)
                {
                    failures.Add(exception);
                }
            }
        }

        if (failures is [var first, ..])
            ExceptionDispatchInfo.Throw(first);
        return removed;
    }

    private async Task<bool> RemoveAsync(string id, DateTimeOffset limit, CancellationToken cancellationToken)
    {
        if ((await _jobs.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false)).Content is { DeletedAt: not null })
        {
            await _deletion.FinishAsync(id, cancellationToken).ConfigureAwait(false);
            return true;
        }

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
}
