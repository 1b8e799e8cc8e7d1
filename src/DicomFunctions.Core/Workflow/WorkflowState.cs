namespace DicomFunctions.Core.Workflow;

/// <summary>The state of a workflow instance.</summary>
internal enum WorkflowState
{
    /// <summary>Accepted; no turn has started.</summary>
    Pending,

    /// <summary>A turn has started.</summary>
    Running,

    /// <summary>Its workflow returned <see cref="WorkflowTurn.Done"/>.</summary>
    Completed,

    /// <summary>An activity failed on every attempt, or the workflow threw.</summary>
    Failed,

    /// <summary>Ended by <see cref="IWorkflowEngine.TerminateAsync"/>.</summary>
    Terminated,
}
