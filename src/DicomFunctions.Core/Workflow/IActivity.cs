namespace DicomFunctions.Core.Workflow;

/// <summary>
/// Work with side effects, called by a workflow. One call may run it more than once (a crash, a retry), so it must be idempotent.
/// An exception means broken infrastructure and is retried; outcomes of the work itself are values of its output.
/// </summary>
internal interface IActivity<TIn, TOut>
{
    Task<TOut> RunAsync(TIn input, CancellationToken cancellationToken);
}
