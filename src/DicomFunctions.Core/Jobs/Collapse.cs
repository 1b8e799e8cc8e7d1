using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>How far the searches that instance notifications ask for are put together.</summary>
public enum Collapse
{
    /// <summary>Lookups of one series that meet in a batch share a request as long as that is sure to be cheaper.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>One search per series, whatever its size; each message still gets its own record.</summary>
    [JsonStringEnumMemberName("series")]
    Series,

    /// <summary>One search per study.</summary>
    [JsonStringEnumMemberName("study")]
    Study,
}
