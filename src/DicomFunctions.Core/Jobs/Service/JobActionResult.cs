namespace DicomFunctions.Core.Jobs.Service;

/// <summary>The result of an action on a job.</summary>
/// <param name="Outcome">What became of it.</param>
internal sealed record JobActionResult(JobActionOutcome Outcome)
{
    /// <summary>Why the job's owner refused, and what to do instead; null if it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>The job that a retry created; null otherwise.</summary>
    public string? NewId { get; init; }

    public static JobActionResult Done { get; } = new(JobActionOutcome.Done);

    public static JobActionResult NotFound { get; } = new(JobActionOutcome.NotFound);

    public static JobActionResult Conflict { get; } = new(JobActionOutcome.Conflict);

    public static JobActionResult OtherServer { get; } = new(JobActionOutcome.OtherServer);

    public static JobActionResult Damaged { get; } = new(JobActionOutcome.Damaged);

    public static JobActionResult Refused(string reason) => new(JobActionOutcome.Refused) { Reason = reason };
}
