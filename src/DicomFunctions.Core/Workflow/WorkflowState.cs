namespace DicomFunctions.Core.Workflow;

/// <summary>Where an instance is in its life.</summary>
public enum WorkflowState
{
    /// <summary>Accepted; no turn has begun.</summary>
    Pending,

    /// <summary>A turn is under way.</summary>
    Running,

    /// <summary>Its workflow returned <see cref="WorkflowTurn.Done"/>.</summary>
    Completed,

    /// <summary>An activity failed for good, or its code threw.</summary>
    Failed,

    /// <summary>Ended by <see cref="IWorkflowEngine.TerminateAsync"/>.</summary>
    Terminated,
}
