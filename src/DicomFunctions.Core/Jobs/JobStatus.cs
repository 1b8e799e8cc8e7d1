using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>Where a job is in its life.</summary>
public enum JobStatus
{
    /// <summary>Accepted, and waiting for its first turn.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>At work.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Asked to stop, and finishing what is in flight.</summary>
    [JsonStringEnumMemberName("cancelling")]
    Cancelling,

    /// <summary>Every input has its record.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Stopped on request; the inputs not attempted are listed in the summary.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The engine gave up on broken infrastructure; what is committed is readable, and resume goes on from there.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>No engine runs it: its host was stopped, or the engine was never told of it. Resume continues, or starts, it.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,

    /// <summary>A file of it cannot be read, and its failure says which. Touches no other job; it can be deleted.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}
