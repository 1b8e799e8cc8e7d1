namespace DicomFunctions.Core.Jobs;

/// <summary>A workflow that creates jobs and runs them in its own instance, and so decides what may be done with them by hand.</summary>
internal interface IJobOwner
{
    /// <summary>The id of its workflow instance.</summary>
    string Instance { get; }

    /// <summary>What to do with a job that was accepted for a server other than this host's: a sentence.</summary>
    string OtherServerHint { get; }

    /// <summary>Why an action is refused, and what to do instead; null if it is allowed.</summary>
    string? Refuse(JobAction action);
}
