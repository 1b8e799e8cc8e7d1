namespace DicomFunctions.Core.Jobs;

/// <summary>Which run of the expansion of a job's sources the next one continues.</summary>
/// <param name="Run">The run's number, from 0.</param>
/// <param name="Execution">The execution of it whose output counts; see <see cref="Storage.BlockId"/>.</param>
internal sealed record ExpansionPoint(int Run, long Execution);
