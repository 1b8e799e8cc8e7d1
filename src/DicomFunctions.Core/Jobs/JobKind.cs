using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>What a job does with its inputs.</summary>
internal enum JobKind
{
    /// <summary>Inputs are search requests.</summary>
    [JsonStringEnumMemberName("search")]
    Search,

    /// <summary>Inputs are sources, of one DICOM file each.</summary>
    [JsonStringEnumMemberName("upload")]
    Upload,

    /// <summary>
    /// Inputs are Pub/Sub messages. A record is that of what the message leads to (<see cref="FollowUp"/>), or of the failed conversion.
    /// </summary>
    [JsonStringEnumMemberName("notifications")]
    Notifications,

    /// <summary>Inputs are retrieve requests.</summary>
    [JsonStringEnumMemberName("retrieve")]
    Retrieve,
}
