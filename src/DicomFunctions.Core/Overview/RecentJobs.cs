using System.Collections.Concurrent;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;

namespace DicomFunctions.Core.Overview;

/// <summary>
/// The newest jobs. Keeps in memory what it has seen of those that ended, so that looking again costs a listing and a look at the others.
/// </summary>
internal sealed class RecentJobs(JobListing listing, JobInspector inspector, TimeProvider time)
{
    /// <summary>The most jobs looked at.</summary>
    public const int Most = 500;

    private const int LooksAtOnce = 16;

    /// <summary>A job that stopped can be resumed, though it seldom is.</summary>
    private static readonly TimeSpan KeptIfStopped = TimeSpan.FromSeconds(30);

    private ConcurrentDictionary<string, (JobDigest Digest, long At)> _kept = new(StringComparer.Ordinal);

    /// <summary>The newest jobs, newest first, with their records since a time, and whether more were accepted since then.</summary>
    public async Task<(IReadOnlyList<JobDigest> Jobs, bool HasMore)> FindAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        var hasMore = false;
        await foreach (var id in listing.IdsAsync(before: null, cancellationToken).ConfigureAwait(false))
        {
            if (ids.Count == Most)
            {
                hasMore = JobId.IsValid(id) && JobId.Time(id) >= since;
                break;
            }

            ids.Add(id);
        }

        var found = new JobDigest?[ids.Count];
        var kept = new ConcurrentDictionary<string, (JobDigest Digest, long At)>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            ids.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellationToken },
            async (job, token) =>
            {
                if (!_kept.TryGetValue(job.Item, out var known) || !IsFresh(known.Digest, known.At))
                {
                    if (await LookAsync(job.Item, since, token).ConfigureAwait(false) is not { } digest)
                        return;
                    known = (digest, time.GetTimestamp());
                }

                found[job.Index] = known.Digest;
                kept[job.Item] = known;
            }).ConfigureAwait(false);
        // Those that were deleted, or are no longer among the newest, are forgotten.
        _kept = kept;
        return ([.. found.OfType<JobDigest>()], hasMore);
    }

    private bool IsFresh(JobDigest job, long at) => job.IsFinal || (!job.IsActive && time.GetElapsedTime(at) < KeptIfStopped);

    private async Task<JobDigest?> LookAsync(string id, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (await inspector.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } view)
            return null;
        var digest = new JobDigest(view with { PartRecords = null, Summary = null }, []);
        return digest with { Minutes = RecordTimes.Of(view, digest.IsActive, since, time.GetUtcNow()) };
    }
}
