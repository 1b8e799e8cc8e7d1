using System.Globalization;
using DicomFunctions.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>Tells the operator how each job ended, in one line and in the metrics. A crash at that moment can make it two.</summary>
internal sealed partial class JobEndLog(ILogger<JobEndLog> logger)
{
    private const int MostReasons = 3;

    /// <summary>A job has its summary.</summary>
    public void Ended(JobSummary summary)
    {
        var (kind, state) = (NameOf(summary.Kind), NameOf(summary.State));
        var seconds = Measure(kind, state, summary.StartedAt, summary.FinishedAt);
        if (summary.Failed == 0)
            LogEnded(summary.Id, kind, state, seconds, summary.Succeeded, summary.Inputs, summary.NotAttempted);
        else
            LogEndedBadly(summary.Id, kind, state, seconds, summary.Failed, summary.Inputs, summary.NotAttempted, Reasons(summary));
    }

    /// <summary>A job has failed: its infrastructure is broken, or it was cancelled by force.</summary>
    public void Failed(JobEnding ending)
    {
        var kind = ending.Kind is { } known ? NameOf(known) : "unknown";
        var seconds = Measure(kind, NameOf(ending.State), ending.CreatedAt, ending.EndedAt);
        var inputs = ending.Inputs?.ToString(CultureInfo.InvariantCulture) ?? "uncounted";
        LogFailed(ending.Id, kind, seconds, ending.Succeeded + ending.Failed, inputs);
    }

    /// <summary>Counts the inputs of a run that has ended.</summary>
    public static void Count(JobKind kind, JobCounts counts)
    {
        var tag = Tag.Of(Tag.JobKind, NameOf(kind));
        if (counts.Succeeded > 0)
            Instruments.Inputs.Add(counts.Succeeded, tag, Tag.OfOutcome(isSuccess: true));
        if (counts.Failed > 0)
            Instruments.Inputs.Add(counts.Failed, tag, Tag.OfOutcome(isSuccess: false));
        if (counts.Bytes > 0)
            Instruments.Bytes.Add(counts.Bytes, tag);
    }

    /// <summary>The most frequent reasons for failures, as far as the summary tells them.</summary>
    private static string Reasons(JobSummary summary) => string.Join(", ", summary.Statuses
        .Where(status => !status.Key.StartsWith('2'))
        .OrderByDescending(status => status.Value)
        .Take(MostReasons)
        .Select(status => string.Create(CultureInfo.InvariantCulture, $"{status.Key}: {status.Value}"))
        .DefaultIfEmpty("see its records"));

    private static double Measure(string kind, string state, DateTimeOffset startedAt, DateTimeOffset endedAt)
    {
        // A clock that was set back makes it short, not negative.
        var seconds = Math.Max(0, (endedAt - startedAt).TotalSeconds);
        Instruments.JobDuration.Record(seconds, Tag.Of(Tag.JobKind, kind), Tag.Of(Tag.JobState, state));
        return Math.Round(seconds, 1);
    }

    private static string NameOf(JobKind kind) => kind switch
    {
        JobKind.Search => "search",
        JobKind.Upload => "upload",
        JobKind.Notifications => "notifications",
        _ => "retrieve",
    };

    private static string NameOf(JobStatus state) => state switch
    {
        JobStatus.Completed => "completed",
        JobStatus.Cancelled => "cancelled",
        _ => "failed",
    };

    [LoggerMessage(811, LogLevel.Information,
        "Job {Job} ({Kind}) {State} after {Seconds} s: {Succeeded} of {Inputs} inputs succeeded, {NotAttempted} were not attempted.")]
    private partial void LogEnded(string job, string kind, string state, double seconds, long succeeded, long inputs, long notAttempted);

    [LoggerMessage(812, LogLevel.Warning,
        "Job {Job} ({Kind}) {State} after {Seconds} s: {Failed} of {Inputs} inputs failed ({Reasons}), {NotAttempted} were not attempted.")]
    private partial void LogEndedBadly(
        string job, string kind, string state, double seconds, long failed, long inputs, long notAttempted, string reasons);

    [LoggerMessage(813, LogLevel.Error,
        "Job {Job} ({Kind}) failed after {Seconds} s, with {Done} of {Inputs} inputs done. Its status says why; resume continues it.")]
    private partial void LogFailed(string job, string kind, double seconds, long done, string inputs);
}
