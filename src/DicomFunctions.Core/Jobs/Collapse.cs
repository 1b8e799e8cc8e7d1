using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>Which lookups of instances share a search.</summary>
internal enum Collapse
{
    /// <summary>Lookups of one series in a batch share a search if that is certain to be cheaper.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>One search per series, whatever its size; each message still gets its own record.</summary>
    [JsonStringEnumMemberName("series")]
    Series,

    /// <summary>One search per study.</summary>
    [JsonStringEnumMemberName("study")]
    Study,
}
