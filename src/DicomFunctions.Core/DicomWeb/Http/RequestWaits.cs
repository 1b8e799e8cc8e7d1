namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>
/// Who is told that a request waits for something of its own, such as its next attempt, and that others may be sent meanwhile. It comes
/// with the flow of a call rather than as an argument, so that <see cref="IDicomStoreClient"/> need not know of it: a client registered in
/// place of ours just lets nobody go on.
/// </summary>
internal abstract class RequestWaits
{
    private static readonly AsyncLocal<RequestWaits?> Flow = new();

    /// <summary>Of this flow of calls; null: nobody.</summary>
    public static RequestWaits? Current => Flow.Value;

    /// <summary>Whether a wait that was cancelled ends its request with the last answer it had.</summary>
    public abstract bool TakesLastAnswers { get; }

    /// <summary>Waits, while others are sent. What comes after it is alone again, also when the wait failed.</summary>
    public abstract Task AsideAsync(Task wait);

    /// <summary>Is told of all waits of the calling method, and of what it calls, from now on.</summary>
    public void Enter() => Flow.Value = this;
}
