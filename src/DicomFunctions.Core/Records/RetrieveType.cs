using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Records;

/// <summary>What a retrieve request asks for.</summary>
internal enum RetrieveType
{
    /// <summary>The data sets, without bulk data (PS3.18 §10.4.1.1.2).</summary>
    [JsonStringEnumMemberName("metadata")]
    Metadata,

    /// <summary>The DICOM files (PS3.18 §10.4.1.1.1).</summary>
    [JsonStringEnumMemberName("instances")]
    Instances,
}
