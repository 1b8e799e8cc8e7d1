using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Drop;

/// <summary>Wakes the drop workflow. Ringing too often, or for nothing, does no harm.</summary>
public sealed class DropDoorbell(IWorkflowEngine engine, TimeProvider time)
{
    /// <summary>More than the workflow needs from its last look at the folder to its end.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long? _waitsSince;

    /// <summary>Starts the workflow unless it runs. False: it was at work already, and may or may not see what one rang for.</summary>
    public Task<bool> RingAsync(CancellationToken cancellationToken) =>
        engine.StartAsync(DropActivities.Workflow, DropActivities.InstanceId, new DropState(), cancellationToken);

    /// <summary>
    /// Rings for a file that has come. Where the workflow is at work it may have had its last look, so one who rings waits until it would
    /// have ended, ten seconds, and rings again, for all others of the first half of that time.
    /// </summary>
    public async Task RingForFileAsync(CancellationToken cancellationToken)
    {
        if (await RingAsync(cancellationToken).ConfigureAwait(false) || !IsToWait())
            return;
        await Task.Delay(2 * Ending, time, cancellationToken).ConfigureAwait(false);
        await RingAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool IsToWait()
    {
        lock (_lock)
        {
            if (_waitsSince is { } since && time.GetElapsedTime(since) < Ending)
                return false;
            _waitsSince = time.GetTimestamp();
            return true;
        }
    }
}
