using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Drop;

/// <summary>Wakes the drop workflow. Ringing too often or without need does no harm.</summary>
internal sealed class DropDoorbell(IWorkflowEngine engine, TimeProvider time)
{
    /// <summary>More than the workflow needs between its last look at the folder and its end.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long? _waitsSince;

    /// <summary>Starts the workflow unless it runs. False if it was running, and so may or may not find the new file.</summary>
    public Task<bool> RingAsync(CancellationToken cancellationToken) =>
        engine.StartAsync(DropActivities.Workflow, DropActivities.InstanceId, new DropState(), cancellationToken);

    /// <summary>
    /// Rings for a new file. If the workflow is running, it may already have had its last look at the folder. So one caller waits ten
    /// seconds, until it would have ended, and rings again, for all who call in the first five seconds of that.
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
