namespace DicomFunctions.Core.Jobs;

/// <summary>The content of one of a job's small files.</summary>
internal interface IJobFile
{
    /// <summary>Whether it can belong to this job: valid JSON may still be damaged, or another job's.</summary>
    bool IsOf(string id);
}
