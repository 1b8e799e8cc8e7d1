namespace DicomFunctions.Local.Engine;

/// <summary>
/// The synchronization context of a turn. Workflow code continues here after each await, one continuation at a time and in order, which
/// makes a repeated turn do the same.
/// </summary>
/// <param name="onForeign">Called on a continuation that did not come from the engine.</param>
internal sealed class TurnScheduler(Action onForeign) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private volatile int _thread;

    /// <summary>Whether the calling thread is running the turn's code.</summary>
    public bool IsCurrent => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs an action, and all its continuations, as the turn's code. Used by one thread at a time.</summary>
    public void Run(Action action)
    {
        var outer = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (_posted.TryDequeue(out var next))
                next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(outer);
            _thread = 0;
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
            _posted.Enqueue((d, state));
        else
            onForeign();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
            d(state);
        else
            onForeign();
    }

    public override SynchronizationContext CreateCopy() => this;
}
