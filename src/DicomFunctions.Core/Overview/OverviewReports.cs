using System.Reflection;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Health;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.PubSub;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Overview;

/// <summary>Makes the report when it is asked for, at most once in a few seconds; all who ask meanwhile get the same.</summary>
internal sealed class OverviewReports(
    RecentJobs jobs,
    DropBacklogCount drop,
    SubscriptionPulls pulls,
    IDicomStoreClient stores,
    HealthChecks checks,
    IOptions<NotificationOptions> notifications,
    TimeProvider time) : IOverviewReports, IAsyncDisposable, IDisposable
{
    /// <summary>The most jobs under way that are shown.</summary>
    public const int MaxRunning = 50;

    private const int MaxFailures = 12;
    private const int Minutes = 60;
    private const int Hours = 24;
    private const string Ok = "ok";

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Version =
        typeof(OverviewReports).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly Lock _lock = new();
    private Task<(OverviewReport Report, long At)>? _last;

    public async Task<OverviewReport> GetAsync(CancellationToken cancellationToken)
    {
        Task<(OverviewReport Report, long At)> last;
        lock (_lock)
            last = _last = _last is not null && IsFresh(_last) ? _last : MakeAsync();
        return (await last.WaitAsync(cancellationToken).ConfigureAwait(false)).Report;
    }

    /// <summary>Waits for a report that is being made: it uses the object store.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? last;
        lock (_lock)
            last = _last;
        if (last is not null)
            await last.WaitAsync(PatienceAtEnd, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>As <see cref="DisposeAsync"/>, for a container that is disposed of synchronously.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private bool IsFresh(Task<(OverviewReport Report, long At)> last) =>
        !last.IsCompleted || (last.IsCompletedSuccessfully && time.GetElapsedTime(last.Result.At) < KeptFor);

    /// <summary>Cannot be cancelled by the first caller: others wait for the same report.</summary>
    private async Task<(OverviewReport Report, long At)> MakeAsync()
    {
        await Task.Yield();
        using var timeout = new CancellationTokenSource(Patience, time);
        var now = time.GetUtcNow();
        var since = now.AddHours(-Hours);
        var (found, hasMore) = await jobs.FindAsync(since, timeout.Token).ConfigureAwait(false);
        var health = await checks.RunAsync(deep: false, timeout.Token).ConfigureAwait(false);
        return (
            new OverviewReport
            {
                At = now,
                Version = Version,
                Jobs = found.Count,
                HasMore = hasMore,
                States = found.CountBy(job => job.View.State).OrderBy(state => state.Key).ToDictionary(),
                Running = [.. found.Where(job => job.IsActive).Take(MaxRunning).Select(job => job.View)],
                Hour = Buckets(found, now, minutesEach: 1, Minutes),
                Day = Buckets(found, now, minutesEach: 60, Hours),
                Failures = Failures(found.Where(job => job.Minutes.Count > 0 || job.View.CreatedAt >= since)),
                Drop = await drop.FindAsync(timeout.Token).ConfigureAwait(false),
                Subscription = Subscription(found),
                SlowedStores = (stores as IStorePaces)?.Slowed() ?? [],
                Health = health.ToDictionary(result => result.Name, result => result.Problem ?? Ok),
            },
            time.GetTimestamp());
    }

    /// <summary>The records of all jobs in equal lengths of time, of which the last has just begun.</summary>
    private static List<OverviewBucket> Buckets(IReadOnlyList<JobDigest> jobs, DateTimeOffset now, int minutesEach, int count)
    {
        var first = (MinuteCount.Of(now) / minutesEach) - count + 1;
        var sums = new (long Succeeded, long Failed)[count];
        foreach (var minute in jobs.SelectMany(job => job.Minutes))
        {
            var bucket = (minute.Minute / minutesEach) - first;
            if (bucket < 0 || bucket >= count)
                continue;
            sums[bucket].Succeeded += minute.Succeeded;
            sums[bucket].Failed += minute.Failed;
        }

        return
        [
            .. sums.Select((sum, index) =>
                new OverviewBucket(MinuteCount.Start((first + index) * minutesEach), sum.Succeeded, sum.Failed)),
        ];
    }

    private static List<OverviewFailure> Failures(IEnumerable<JobDigest> jobs) =>
    [
        .. jobs
            .SelectMany(job => job.View.Progress.Failures, (job, failure) => (job.View.Id, failure.Code, failure.Count))
            .GroupBy(failure => failure.Code, StringComparer.Ordinal)
            .Select(code =>
                new OverviewFailure(code.Key, code.Sum(failure => failure.Count), code.Count(), code.Max(failure => failure.Id)!))
            .OrderByDescending(failure => failure.Count)
            .ThenBy(failure => failure.Code, StringComparer.Ordinal)
            .Take(MaxFailures),
    ];

    private OverviewSubscription? Subscription(IReadOnlyList<JobDigest> jobs)
    {
        var last = jobs.FirstOrDefault(job => job.View.Kind == JobKind.Notifications)?.View;
        return notifications.Value.Subscription is null && last is null
            ? null
            : new OverviewSubscription(notifications.Value.Subscription, pulls.LastAt, last?.Id, last?.CreatedAt);
    }
}
