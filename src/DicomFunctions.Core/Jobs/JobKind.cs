using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>What a job does with its inputs.</summary>
public enum JobKind
{
    /// <summary>Every input is a search request; its record is the search's.</summary>
    [JsonStringEnumMemberName("search")]
    Search,

    /// <summary>Every input is a source of one DICOM file; its record is the upload's.</summary>
    [JsonStringEnumMemberName("upload")]
    Upload,

    /// <summary>Every input is a Pub/Sub message; its record is the search for the instance it names, or the failed conversion.</summary>
    [JsonStringEnumMemberName("notifications")]
    Notifications,
}
