using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Core.Jobs;

/// <summary>The names of retrieved files in the object store: <c>retrieved/JOB/STUDY/SERIES/INSTANCE.dcm</c>.</summary>
/// <remarks>UIDs have only digits and dots (<see cref="Dicom.DicomUid"/>), and are valid in a name as they are.</remarks>
internal static class RetrievedNames
{
    /// <summary>The folder of all retrieved files.</summary>
    public const string Root = "retrieved";

    private const string Extension = ".dcm";

    /// <summary>The prefix of a job's files.</summary>
    public static string Of(string job) => $"{Root}/{job}/";

    /// <summary>The prefix of the files that a request can bring.</summary>
    public static string Of(string job, RetrieveRequest request) =>
        request.SeriesUid is null ? $"{Of(job)}{request.StudyUid}/"
        : request.SopInstanceUid is null ? $"{Of(job)}{request.StudyUid}/{request.SeriesUid}/"
        : Of(job, request.StudyUid, request.SeriesUid, request.SopInstanceUid);

    /// <summary>The name of an instance.</summary>
    public static string Of(string job, string study, string series, string sopInstance) =>
        $"{Of(job)}{study}/{series}/{sopInstance}{Extension}";
}
