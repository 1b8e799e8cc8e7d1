namespace DicomFunctions.Core.Jobs.Service;

/// <summary>A job at one moment.</summary>
/// <param name="Spec">What was accepted; null where <c>job.json</c> is damaged.</param>
/// <param name="View">What is shown of it.</param>
/// <param name="IsActive">Whether the engine has an instance of it under way.</param>
internal sealed record JobSnapshot(JobSpec? Spec, JobView View, bool IsActive);
