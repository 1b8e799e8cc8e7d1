using System.Diagnostics;
using DicomFunctions.Core.Telemetry;

namespace DicomFunctions.Core.Net;

/// <summary>Records requests as metrics and spans: the operation, never the URL, which names patients.</summary>
internal static class RequestTelemetry
{
    private static readonly string[] Classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    /// <summary>A request has ended.</summary>
    /// <param name="operation">What it was for.</param>
    /// <param name="attempt">How often it was sent before.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="time">The clock.</param>
    /// <param name="started">The clock's timestamp when it was sent.</param>
    public static void Record(string operation, int attempt, in RequestOutcome outcome, TimeProvider time, long started)
    {
        var isMeasured = Instruments.RequestDuration.Enabled;
        var isShown = CallSpans.MayShow(outcome.Success);
        if (!isMeasured && !isShown)
            return;
        var elapsed = time.GetElapsedTime(started);
        if (isMeasured)
            Instruments.RequestDuration.Record(elapsed.TotalSeconds, Tag.Of(Tag.Operation, operation), Class(outcome));
        if (isShown)
            Show(operation, attempt, outcome, time.GetUtcNow(), elapsed);
    }

    /// <summary>A request that ended so is sent again.</summary>
    public static void Retry(string operation, in RequestOutcome outcome)
    {
        if (Instruments.Retries.Enabled)
            Instruments.Retries.Add(1, Tag.Of(Tag.Operation, operation), Cause(outcome));
    }

    private static void Show(string operation, int attempt, in RequestOutcome outcome, DateTimeOffset endedAt, TimeSpan elapsed)
    {
        var tags = new ActivityTagsCollection { { Tag.Operation, operation } };
        if (outcome.Status.Code != 0)
            tags.Add(Tag.StatusCode, outcome.Status.Code);
        if (attempt > 0)
            tags.Add(Tag.Attempt, attempt);
        using var span = Traces.EndCall(operation, tags, endedAt, elapsed);
        if (!outcome.Success)
            span.Fail(outcome.Status.Code != 0 ? outcome.Status.ToString() : ErrorType(outcome));
    }

    private static KeyValuePair<string, object?> Class(in RequestOutcome outcome) =>
        outcome.Status.Code / 100 is >= 1 and <= 5 and var first
            ? Tag.Of(Tag.StatusClass, Classes[first - 1])
            : Tag.Of(Tag.ErrorType, ErrorType(outcome));

    private static KeyValuePair<string, object?> Cause(in RequestOutcome outcome) => outcome.Status.Code != 0
        ? new(Tag.StatusCode, outcome.Status.Code)
        : Tag.Of(Tag.ErrorType, ErrorType(outcome));

    /// <summary>The failure code of the records, or that this host is in trouble.</summary>
    private static string ErrorType(in RequestOutcome outcome) =>
        outcome.Failure == RequestFailure.Host ? "host" : outcome.Status.FailureCode;
}
