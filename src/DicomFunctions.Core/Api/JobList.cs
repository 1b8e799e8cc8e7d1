using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Api;

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">The jobs, newest first.</param>
/// <param name="Next">The URL of the next page; null on the last page.</param>
internal sealed record JobList(IReadOnlyList<JobView> Jobs, string? Next);
