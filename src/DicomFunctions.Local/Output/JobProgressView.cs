using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Local.Hosting;
using Spectre.Console;

namespace DicomFunctions.Local.Output;

/// <summary>
/// Shows the progress of a job on standard error: a live bar on a terminal, otherwise, as with <c>TERM=dumb</c>, a line every few seconds.
/// </summary>
internal static class JobProgressView
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RemoteInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    /// <summary>Returns once the job has ended or stopped.</summary>
    /// <param name="jobs">Where the job is.</param>
    /// <param name="id">The job.</param>
    /// <param name="isQuiet">Whether to show nothing, only to wait.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task FollowAsync(IJobHost jobs, string id, bool isQuiet, CancellationToken cancellationToken)
    {
        if (isQuiet)
        {
            await jobs.WaitAsync(id, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (Terminal.CanShowBar)
            await FollowWithBarAsync(jobs, id, cancellationToken).ConfigureAwait(false);
        else
            await FollowInLinesAsync(jobs, id, cancellationToken).ConfigureAwait(false);
        var job = await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false);
        await Console.Error.WriteLineAsync(job is null ? $"{id} was deleted." : JobText.Line(job)).ConfigureAwait(false);
    }

    private static async Task FollowInLinesAsync(IJobHost jobs, string id, CancellationToken cancellationToken)
    {
        await foreach (var job in WatchAsync(jobs, id, LineInterval, cancellationToken).ConfigureAwait(false))
            await Console.Error.WriteLineAsync(JobText.Line(job)).ConfigureAwait(false);
    }

    private static async Task FollowWithBarAsync(IJobHost jobs, string id, CancellationToken cancellationToken)
    {
        var terminal = Terminal.Error();
        var interval = jobs.IsHere ? BarInterval : RemoteInterval;
        using var redirection = jobs.Notices.Redirect(line => terminal.WriteLine(line));
        await terminal.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bar = context.AddTask(id, maxValue: double.Epsilon);
                await foreach (var job in WatchAsync(jobs, id, interval, cancellationToken).ConfigureAwait(false))
                {
                    bar.MaxValue = Math.Max(1, job.Progress.Total);
                    bar.Value = job.Progress.Done;
                    bar.Description = Markup.Escape(Beside(job));
                }
            }).ConfigureAwait(false);
    }

    /// <summary>What stands beside the bar: counts, failures, rate, time left and the job's id.</summary>
    private static string Beside(JobView job) => string.Join("  ", new[]
    {
        FormattableString.Invariant($"{job.Progress.Done}/{job.Progress.Total}"),
        FormattableString.Invariant($"{job.Progress.Failed} failed"),
        JobText.Rate(job),
        JobText.Left(job) is { } left ? $"{left} left" : "",
        job.Id,
    }.Where(text => text.Length > 0));

    private static async IAsyncEnumerable<JobView> WatchAsync(
        IJobHost jobs, string id, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ended = jobs.WaitAsync(id, cancellationToken);
        while (await Task.WhenAny(ended, Task.Delay(interval, cancellationToken)).ConfigureAwait(false) != ended)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } job)
                yield return job;
        }

        await ended.ConfigureAwait(false);
    }
}
