using System.Globalization;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using Spectre.Console;

namespace DicomFunctions.Local.Cli;

/// <summary>Shows the progress of a job on standard error: a live bar on a terminal, otherwise a line every few seconds.</summary>
internal static class JobProgressView
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    /// <summary>Returns once the job has ended or stopped.</summary>
    public static async Task FollowAsync(IJobService jobs, string id, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
            await FollowInLinesAsync(jobs, id, cancellationToken).ConfigureAwait(false);
        else
            await FollowWithBarAsync(jobs, id, cancellationToken).ConfigureAwait(false);
        var job = await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false);
        await Console.Error.WriteLineAsync(job is null ? $"{id} was deleted." : Line(job)).ConfigureAwait(false);
    }

    private static async Task FollowInLinesAsync(IJobService jobs, string id, CancellationToken cancellationToken)
    {
        await foreach (var job in WatchAsync(jobs, id, LineInterval, cancellationToken).ConfigureAwait(false))
            await Console.Error.WriteLineAsync(Line(job)).ConfigureAwait(false);
    }

    private static async Task FollowWithBarAsync(IJobService jobs, string id, CancellationToken cancellationToken)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await terminal.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(id, maxValue: double.Epsilon);
                await foreach (var job in WatchAsync(jobs, id, BarInterval, cancellationToken).ConfigureAwait(false))
                {
                    bar.MaxValue = Math.Max(1, job.Progress.Total);
                    bar.Value = job.Progress.Done;
                    bar.Description = Counts(job);
                }
            }).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<JobView> WatchAsync(
        IJobService jobs,
        string id,
        TimeSpan interval,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
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

    private static string Line(JobView job)
    {
        var rate = job.Rate is { } perSecond ? string.Create(CultureInfo.InvariantCulture, $", {perSecond:0.#}/s") : "";
        var failure = job.Failure is { } reason ? $". {reason}" : "";
        return $"{job.Id} {job.State.ToString().ToLowerInvariant()}: {Counts(job)}{rate}{failure}";
    }

    private static string Counts(JobView job)
    {
        var progress = job.Progress;
        var counts = string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Done} of {progress.Total} inputs, {progress.Succeeded} succeeded, {progress.Failed} failed");
        return progress.NotAttempted > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{counts}, {progress.NotAttempted} not attempted")
            : counts;
    }
}
