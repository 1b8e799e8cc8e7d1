namespace DicomFunctions.Core.Overview;

/// <summary>A reason for which inputs failed.</summary>
/// <param name="Code">The code of the failure.</param>
/// <param name="Count">The number of records with it.</param>
/// <param name="Jobs">The number of jobs with it.</param>
/// <param name="Job">The newest of these.</param>
internal sealed record OverviewFailure(string Code, long Count, int Jobs, string Job);
