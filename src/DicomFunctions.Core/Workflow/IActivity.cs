namespace DicomFunctions.Core.Workflow;

/// <summary>
/// Work with effects, called by a workflow. It may run more than once for one call (a crash, a retry), so it must be idempotent.
/// What it throws means broken infrastructure and is retried; outcomes of the work itself are values in its output.
/// </summary>
public interface IActivity<TIn, TOut>
{
    Task<TOut> RunAsync(TIn input, CancellationToken cancellationToken);
}
