namespace DicomFunctions.Core.Events;

/// <summary>The outcome of sending an event.</summary>
/// <param name="Problem">Why the endpoint does not have it, for the log; null if it does.</param>
/// <param name="RetryAfter">How long the endpoint asks to wait.</param>
internal readonly record struct EventDelivery(string? Problem, TimeSpan? RetryAfter = null)
{
    public static EventDelivery Accepted => default;

    public bool IsAccepted => Problem is null;
}
