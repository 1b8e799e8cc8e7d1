namespace DicomFunctions.Core.Overview;

/// <summary>The records of a minute or an hour.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Succeeded">Records with <c>success: true</c>.</param>
/// <param name="Failed">Records with <c>success: false</c>.</param>
internal sealed record OverviewBucket(DateTimeOffset At, long Succeeded, long Failed);
