namespace DicomFunctions.Core.Jobs.Service;

/// <summary>What came of a wish about a job.</summary>
public enum JobActionResult
{
    /// <summary>It is done, or on its way.</summary>
    Done,

    /// <summary>There is no such job.</summary>
    NotFound,

    /// <summary>The job is not in a state for it.</summary>
    Conflict,

    /// <summary>The job is of dropped files, and the drop alone goes on with them.</summary>
    OfDrop,

    /// <summary>The job is for another server than this host's.</summary>
    OtherServer,

    /// <summary>A file of the job that it takes is damaged.</summary>
    Damaged,
}
