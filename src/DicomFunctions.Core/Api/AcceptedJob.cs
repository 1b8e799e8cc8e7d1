using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Api;

/// <summary>The answer to an accepted job.</summary>
/// <param name="Id">The job.</param>
/// <param name="StatusUrl">Where its state is.</param>
/// <param name="ResultsUrl">Where its records are.</param>
/// <param name="State">If an earlier request with the same key submitted the job, its state; null for a new job.</param>
internal sealed record AcceptedJob(string Id, string StatusUrl, string ResultsUrl, JobStatus? State = null);
