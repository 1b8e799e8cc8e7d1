using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs;

/// <summary>Where the files of a job go: <c>STUDY/SERIES/INSTANCE.dcm</c> in a folder of the job or of the user.</summary>
/// <param name="Store">The object store, or one that is the user's folder.</param>
/// <param name="Prefix">What all names in it begin with.</param>
/// <param name="Folder">The user's folder; null for the object store.</param>
/// <remarks>UIDs have only digits and dots (<see cref="Dicom.DicomUid"/>), and are valid in a name as they are.</remarks>
internal sealed record RetrievedPlace(IObjectStore Store, string Prefix, string? Folder)
{
    private const string Extension = ".dcm";

    /// <summary>The name of an instance.</summary>
    public string NameOf(string study, string series, string sopInstance) => $"{Prefix}{study}/{series}/{sopInstance}{Extension}";

    /// <summary>The prefix of the files that a request can bring.</summary>
    public string PrefixOf(RetrieveRequest request) =>
        request.SeriesUid is null ? $"{Prefix}{request.StudyUid}/"
        : request.SopInstanceUid is null ? $"{Prefix}{request.StudyUid}/{request.SeriesUid}/"
        : NameOf(request.StudyUid, request.SeriesUid, request.SopInstanceUid);

    /// <summary>The name to tell the user: in a folder, the file's path.</summary>
    public string Shown(string name) => Folder is null ? name : Path.Combine(Folder, name);
}
