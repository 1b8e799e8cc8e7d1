namespace DicomFunctions.Core.Jobs;

/// <summary>An action on a job that its owner may refuse.</summary>
internal enum JobAction
{
    /// <summary>Continue it from its last committed part.</summary>
    Resume,

    /// <summary>Run its failed inputs as a new job.</summary>
    Retry,
}
