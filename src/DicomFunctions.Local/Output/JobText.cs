using System.Globalization;
using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Local.Output;

/// <summary>The state of a job in words.</summary>
internal static class JobText
{
    /// <summary>One line: the id, the state, the counts, the rate and, while it runs, the time left.</summary>
    public static string Line(JobView job)
    {
        var left = Left(job) is { } time ? $", {time} left" : "";
        var failure = job.Failure is { } reason ? $". {reason}" : "";
        return $"{job.Id} {Word(job.State)}: {Counts(job)}{(job.Rate is null ? "" : $", {Rate(job)}")}{left}{failure}";
    }

    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static string Rate(JobView job) =>
        job.Rate is { } perSecond ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.#}/s") : "";

    /// <summary>The time left at the job's rate so far; null if it does not run or has no rate yet.</summary>
    public static string? Left(JobView job)
    {
        if (job is not { State: JobStatus.Running, Rate: > 0 and var rate } || job.Progress.Total <= job.Progress.Done)
            return null;
        var seconds = (job.Progress.Total - job.Progress.Done) / rate;
        return Duration(TimeSpan.FromSeconds(Math.Min(Math.Ceiling(seconds), TimeSpan.FromDays(999).TotalSeconds)));
    }

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
    };

    public static string Counts(JobView job)
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
