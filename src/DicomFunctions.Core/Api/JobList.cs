using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Api;

/// <summary>Jobs, newest first.</summary>
/// <param name="Jobs">One page of them.</param>
/// <param name="Next">The URL of the next page; null on the last.</param>
internal sealed record JobList(IReadOnlyList<JobView> Jobs, string? Next);
