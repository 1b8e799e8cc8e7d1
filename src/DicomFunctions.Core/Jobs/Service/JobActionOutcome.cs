namespace DicomFunctions.Core.Jobs.Service;

/// <summary>What became of an action on a job.</summary>
internal enum JobActionOutcome
{
    /// <summary>Done, or under way.</summary>
    Done,

    /// <summary>There is no such job.</summary>
    NotFound,

    /// <summary>The job is not in a state for it.</summary>
    Conflict,

    /// <summary>The job's owner refuses it: see <see cref="JobActionResult.Reason"/>.</summary>
    Refused,

    /// <summary>The job was accepted for a server other than this host's.</summary>
    OtherServer,

    /// <summary>A file of the job that it needs is damaged.</summary>
    Damaged,
}
