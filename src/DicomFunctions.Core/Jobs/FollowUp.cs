using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>What a notification of an instance leads to.</summary>
internal enum FollowUp
{
    /// <summary>A search for the instance, as in Beam.</summary>
    [JsonStringEnumMemberName("search")]
    Search,

    /// <summary>The retrieval of its metadata.</summary>
    [JsonStringEnumMemberName("metadata")]
    Metadata,

    /// <summary>The retrieval of its file.</summary>
    [JsonStringEnumMemberName("instances")]
    Instances,
}
