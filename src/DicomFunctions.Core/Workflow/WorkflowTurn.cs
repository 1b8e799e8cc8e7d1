namespace DicomFunctions.Core.Workflow;

/// <summary>How a turn ended.</summary>
internal static class WorkflowTurn
{
    /// <summary>Another turn follows, with this state.</summary>
    public static WorkflowTurn<TState> Continue<TState>(TState state) => new(isDone: false, state);

    /// <summary>The workflow has ended.</summary>
    public static WorkflowTurn<TState> Done<TState>(TState state) => new(isDone: true, state);
}

/// <summary>How a turn ended: <see cref="IsDone"/>, or another one follows with <see cref="State"/>.</summary>
internal readonly record struct WorkflowTurn<TState>
{
    internal WorkflowTurn(bool isDone, TState state) => (IsDone, State) = (isDone, state);

    public bool IsDone { get; }

    public TState State { get; }
}
