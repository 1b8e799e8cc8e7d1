using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>The services that the instances of an engine share.</summary>
internal sealed class InstanceHost
{
    /// <summary>The longest wait of one timer.</summary>
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(30);

    public required WorkflowCatalog Catalog { get; init; }

    public required EngineFiles Files { get; init; }

    public required JournalFlusher Flusher { get; init; }

    public required ActivityPump Pump { get; init; }

    public required TimeProvider Time { get; init; }

    public required EngineLog Log { get; init; }

    /// <summary>Called with an instance that has ended.</summary>
    public required Action<Instance> Remove { get; init; }

    /// <summary>Cancelled when the engine stops.</summary>
    public required CancellationToken Stopping { get; init; }

    /// <summary>Runs an action after a wait, unless cancelled first. The wait is measured on the monotonic clock.</summary>
    public void After(TimeSpan wait, Action action, CancellationToken cancellationToken) => _ = WaitAsync(wait, action, cancellationToken);

    private async Task WaitAsync(TimeSpan wait, Action action, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        try
        {
            var started = Time.GetTimestamp();
            while (wait - Time.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
                await Task.Delay(left < MaxTimer ? left : MaxTimer, Time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        action();
    }
}
