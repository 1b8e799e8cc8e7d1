using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Drop;

/// <summary>Wakes the drop workflow. Ringing too often, or for nothing, does no harm.</summary>
public sealed class DropDoorbell(IWorkflowEngine engine)
{
    /// <summary>Starts the workflow unless it runs. False: it was at work already, and may or may not see what one rang for.</summary>
    public Task<bool> RingAsync(CancellationToken cancellationToken) =>
        engine.StartAsync(DropActivities.Workflow, DropActivities.InstanceId, new DropState(), cancellationToken);
}
