namespace DicomFunctions.Core.Net;

/// <summary>
/// Is told that a request waits for something of its own, such as its next attempt, so that others may be sent meanwhile. It comes with
/// the flow of a call rather than as an argument, so that the ports between a worker and its requests need not know of it: a client or a
/// source that is registered in place of ours just lets nobody continue.
/// </summary>
internal abstract class RequestWaits
{
    private static readonly AsyncLocal<RequestWaits?> Flow = new();

    /// <summary>The one of this flow of calls; null if there is none.</summary>
    public static RequestWaits? Current => Flow.Value;

    /// <summary>Whether a wait that was cancelled ends its request with the last answer it had.</summary>
    public abstract bool TakesLastAnswers { get; }

    /// <summary>Waits while other requests are sent. When it returns, even with a failure, no other request is being sent.</summary>
    public abstract Task AsideAsync(Task wait);

    /// <summary>Is told of all waits of the calling method, and of what it calls, from now on.</summary>
    public void Enter() => Flow.Value = this;

    /// <summary>
    /// From now on nobody is told of the waits of the calling method and of what it calls: they are part of a request that is being sent.
    /// </summary>
    public static void Leave() => Flow.Value = null;
}
