using System.Diagnostics;

namespace DicomFunctions.Core.Telemetry;

/// <summary>
/// Limits the spans of calls within an activity: a run may send ten thousand requests, and a span costs more than a small one. The first
/// calls are shown, and the first that fail.
/// </summary>
internal sealed class CallSpans
{
    private const string Key = "calls";

    private int _succeeded = 8;
    private int _failed = 32;

    /// <summary>Limits the calls that are shown in a span.</summary>
    public static void LimitIn(Activity? span) => span?.SetCustomProperty(Key, new CallSpans());

    /// <summary>Whether a call in the current span is to be shown. Outside activities all are.</summary>
    public static bool MayShow(bool isSuccess) =>
        Activity.Current is { IsAllDataRequested: true } current
        && (current.GetCustomProperty(Key) is not CallSpans limit || limit.TryTake(isSuccess));

    private bool TryTake(bool isSuccess)
    {
        ref var left = ref isSuccess ? ref _succeeded : ref _failed;
        return Volatile.Read(ref left) > 0 && Interlocked.Decrement(ref left) >= 0;
    }
}
