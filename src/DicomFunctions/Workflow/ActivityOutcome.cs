namespace DicomFunctions.App.Workflow;

/// <summary>
/// The result of an activity function: its output as JSON, or why it failed. Because a failure is a value, a failed activity in Durable
/// Functions always means that a worker or host died, which is not the activity's fault.
/// </summary>
internal readonly record struct ActivityOutcome(string? Output, string? Failure)
{
    /// <summary>Marks a failure. JSON never starts with it.</summary>
    private const char FailureMark = '!';

    public static ActivityOutcome Parse(string text) =>
        text.StartsWith(FailureMark) ? new(null, text[1..]) : new(text, null);

    public override string ToString() => Failure is null ? Output! : FailureMark + Failure;
}
