namespace DicomFunctions.App.Workflow;

/// <summary>
/// What an activity function gives: its output's JSON, or why it failed. A failure is a value, so that what Durable Functions itself calls
/// a failed activity can only be a worker or host that died, which is not the activity's fault.
/// </summary>
internal readonly record struct ActivityOutcome(string? Output, string? Failure)
{
    /// <summary>No JSON begins like this.</summary>
    private const char FailureMark = '!';

    public static ActivityOutcome Parse(string text) =>
        text.StartsWith(FailureMark) ? new(null, text[1..]) : new(text, null);

    public override string ToString() => Failure is null ? Output! : FailureMark + Failure;
}
