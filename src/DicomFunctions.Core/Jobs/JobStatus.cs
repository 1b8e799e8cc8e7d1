using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>The state of a job.</summary>
internal enum JobStatus
{
    /// <summary>Accepted, and not yet running.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Running.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Asked to stop, and finishing requests in flight.</summary>
    [JsonStringEnumMemberName("cancelling")]
    Cancelling,

    /// <summary>Every input has its record.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Stopped on request; the inputs not attempted are listed in the summary.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The engine gave up on broken infrastructure. Committed records can be read, and resume continues from there.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>No engine runs it: its host was stopped, or never started it. Resume continues it.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,

    /// <summary>One of its files cannot be read; its failure says which. It can be deleted. No other job is affected.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}
