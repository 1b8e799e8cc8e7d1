namespace DicomFunctions.Core.Overview;

/// <summary>The records of a job in one minute.</summary>
/// <param name="Minute">The minute, counted from the Unix epoch.</param>
/// <param name="Succeeded">Records with <c>success: true</c>.</param>
/// <param name="Failed">Records with <c>success: false</c>.</param>
internal readonly record struct MinuteCount(long Minute, long Succeeded, long Failed)
{
    /// <summary>The minute of a moment.</summary>
    public static long Of(DateTimeOffset moment) => Math.DivRem(moment.ToUnixTimeSeconds(), 60).Quotient;

    /// <summary>When the minute begins.</summary>
    public static DateTimeOffset Start(long minute) => DateTimeOffset.FromUnixTimeSeconds(minute * 60);
}
