using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Overview;

/// <summary>
/// When the records of a job were made, by the minute: those of a part are spread evenly over the time from the end of the part before to
/// its own end.
/// </summary>
internal static class RecordTimes
{
    /// <param name="job">The job, with its parts.</param>
    /// <param name="isActive">Whether the job is running, so that records without a part were made until now.</param>
    /// <param name="since">Earlier minutes are left out.</param>
    /// <param name="now">The current time.</param>
    public static IReadOnlyList<MinuteCount> Of(JobView job, bool isActive, DateTimeOffset since, DateTimeOffset now)
    {
        var first = MinuteCount.Of(since);
        var minutes = new SortedDictionary<long, MinuteCount>();
        var start = job.Summary?.StartedAt ?? job.CreatedAt;
        var from = start;
        var (succeeded, failed) = (job.Progress.Succeeded, job.Progress.Failed);
        foreach (var part in job.PartRecords ?? [])
        {
            var to = start + TimeSpan.FromMilliseconds(Math.Min(part[2], (long)TimeSpan.FromDays(3650).TotalMilliseconds));
            Spread(from, to, part[0] - part[1], part[1], first, minutes);
            succeeded -= part[0] - part[1];
            failed -= part[1];
            from = to;
        }

        // Of a job that stopped without a summary, nobody knows when it did the rest, which it will do again.
        if ((job.Summary?.FinishedAt ?? (isActive ? now : null)) is { } end)
            Spread(from, end, Math.Max(0, succeeded), Math.Max(0, failed), first, minutes);
        return [.. minutes.Values];
    }

    private static void Spread(
        DateTimeOffset from, DateTimeOffset to, long succeeded, long failed, long first, SortedDictionary<long, MinuteCount> minutes)
    {
        if (succeeded + failed == 0)
            return;
        var last = MinuteCount.Of(to);
        for (var minute = Math.Max(first, Math.Min(last, MinuteCount.Of(from))); minute <= last; minute++)
        {
            var (begin, end) = (Share(minute), minute == last ? 1 : Share(minute + 1));
            var known = minutes.GetValueOrDefault(minute);
            var sum = new MinuteCount(
                minute,
                known.Succeeded + Until(end, succeeded) - Until(begin, succeeded),
                known.Failed + Until(end, failed) - Until(begin, failed));
            if (sum.Succeeded + sum.Failed > 0)
                minutes[minute] = sum;
        }

        // Rounded as a running total, so that the minutes add up to the whole.
        static long Until(double share, long records) => (long)Math.Round(share * records);

        double Share(long minute)
        {
            var passed = MinuteCount.Start(minute) - from;
            return passed <= TimeSpan.Zero ? 0 : passed >= to - from ? 1 : passed / (to - from);
        }
    }
}
