using System.Globalization;
using System.Runtime.CompilerServices;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// Lists jobs, newest first, at a cost that does not depend on the number of jobs: a day with many is listed hour by hour, and several jobs
/// are looked at together.
/// </summary>
internal sealed class JobListing(JobStore jobStore, JobInspector inspector)
{
    /// <summary>A day with more jobs is listed by hour.</summary>
    private const int ManyJobs = 1_000;

    private const int HoursAtOnce = 6;

    private const int LooksAtOnce = 16;

    /// <inheritdoc cref="IJobService.ListAsync"/>
    public async IAsyncEnumerable<JobView> RunAsync(string? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var looks = new Queue<Task<JobSnapshot?>>();
        try
        {
            await foreach (var id in IdsAsync(before, cancellationToken).ConfigureAwait(false))
            {
                looks.Enqueue(inspector.LookAsync(id, left.Token));
                if (looks.Count == LooksAtOnce && await looks.Dequeue().ConfigureAwait(false) is { } job)
                    yield return job.View with { PartRecords = null };
            }

            while (looks.TryDequeue(out var look))
            {
                if (await look.ConfigureAwait(false) is { } job)
                    yield return job.View with { PartRecords = null };
            }
        }
        finally
        {
            // Those that the caller no longer wants.
            await left.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(looks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The ids of jobs older than <paramref name="before"/>, newest first.</summary>
    public async IAsyncEnumerable<string> IdsAsync(string? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var day in await jobStore.DaysAsync(cancellationToken).Reverse().ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (before is not null && string.CompareOrdinal(day, JobId.Day(before)) > 0)
                continue;
            await foreach (var ids in IdsOfAsync(day, before, cancellationToken).ConfigureAwait(false))
            {
                for (var i = ids.Count - 1; i >= 0; i--)
                {
                    if (before is null || string.CompareOrdinal(ids[i], before) < 0)
                        yield return ids[i];
                }
            }
        }
    }

    /// <summary>The ids of a day, each list oldest first and before the one that was given before it.</summary>
    private async IAsyncEnumerable<IReadOnlyList<string>> IdsOfAsync(
        string day, string? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await jobStore.IdsAsync(day, hour: null, ManyJobs, cancellationToken).ConfigureAwait(false);
        // A store that gives more than enough gives all.
        if (all.Count != ManyJobs)
        {
            yield return all;
            yield break;
        }

        var last = before is not null && day == JobId.Day(before) ? JobId.Time(before).Hour : 23;
        foreach (var hours in Enumerable.Range(0, last + 1).Reverse().Chunk(HoursAtOnce))
        {
            var lists = hours.Select(hour => jobStore.IdsAsync(
                day, hour.ToString("00", CultureInfo.InvariantCulture), enough: null, cancellationToken));
            foreach (var ids in await Task.WhenAll(lists).ConfigureAwait(false))
                yield return ids;
        }
    }
}
