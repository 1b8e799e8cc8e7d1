using System.Globalization;
using System.Runtime.ExceptionServices;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// Removes what is older than <see cref="JobOptions.Retention"/>: jobs, and files of jobs that were never accepted. Also removes claims on
/// keys that are free again, and announcements that nobody took.
/// </summary>
internal sealed class JobRetention(
    JobStore jobStore,
    IObjectStore store,
    JobInspector inspector,
    JobActions actions,
    JobDeletion deletion,
    JobClaims claims,
    IJobAnnouncer announcer,
    IOptions<JobOptions> options,
    TimeProvider time)
{
    /// <summary>A job that is still being submitted has files but no spec; no request takes this long.</summary>
    private static readonly TimeSpan LongestDraft = TimeSpan.FromDays(1);

    /// <summary>This many jobs that cannot be removed do not stop the others; more of them are a failure of the store.</summary>
    private const int MaxFailures = 100;

    /// <inheritdoc cref="IJobService.RemoveExpiredAsync"/>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var limit = time.GetUtcNow() - options.Value.Retention;
        var removed = 0;
        List<Exception> failures = [];
        await foreach (var day in jobStore.DaysAsync(cancellationToken).ConfigureAwait(false))
        {
            // Days come in order, and a job is no older than its id says.
            if (string.CompareOrdinal(day, limit.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)) > 0)
                break;
            foreach (var id in await jobStore.IdsAsync(day, hour: null, enough: null, cancellationToken).ConfigureAwait(false))
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

        await claims.RemoveExpiredAsync(cancellationToken).ConfigureAwait(false);
        await announcer.RemoveExpiredAsync(cancellationToken).ConfigureAwait(false);
        if (failures is [var first, ..])
            ExceptionDispatchInfo.Throw(first);
        return removed;
    }

    private async Task<bool> RemoveAsync(string id, DateTimeOffset limit, CancellationToken cancellationToken)
    {
        if ((await jobStore.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false)).Content is { DeletedAt: not null })
        {
            await deletion.FinishAsync(id, cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is { } job)
        {
            return !(job.View.Summary?.FinishedAt > limit)
                && await actions.DeleteAsync(id, withFiles: false, cancellationToken).ConfigureAwait(false) == JobActionResult.Done;
        }

        return time.GetUtcNow() - JobId.Time(id) > LongestDraft && await RemoveDraftAsync(id, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> RemoveDraftAsync(string id, CancellationToken cancellationToken)
    {
        var any = false;
        await foreach (var file in store.ListAsync(new JobFiles(id).Prefix, cancellationToken).ConfigureAwait(false))
            any |= await store.DeleteAsync(file.Name, ifMatch: null, cancellationToken).ConfigureAwait(false);
        return any;
    }
}
