namespace DicomFunctions.Core.Jobs;

/// <summary>Where a job is in its life.</summary>
public enum JobStatus
{
    /// <summary>Accepted, and waiting for its first turn.</summary>
    Pending,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Asked to stop, and finishing what is in flight.</summary>
    Cancelling,

    /// <summary>Every input has its record.</summary>
    Completed,

    /// <summary>Stopped on request; the inputs not attempted are listed in the summary.</summary>
    Cancelled,

    /// <summary>The engine gave up on broken infrastructure; what is committed is readable, and resume goes on from there.</summary>
    Failed,

    /// <summary>Accepted, but no engine knows of it: a crash at the moment of acceptance. Resume starts it.</summary>
    Stranded,
}
