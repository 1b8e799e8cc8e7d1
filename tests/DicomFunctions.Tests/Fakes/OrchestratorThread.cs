namespace DicomFunctions.App.Tests.Fakes;

/// <summary>Runs orchestrator code, and what it awaits, on the thread that calls it, in order.</summary>
internal sealed class OrchestratorThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

    public bool IsCurrent => Current == this;

    public void Run(Action action)
    {
        var outer = Current;
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
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent)
            throw new InvalidOperationException("Orchestrator code awaited something that is not of its context.");
        _posted.Enqueue((d, state));
    }
}
