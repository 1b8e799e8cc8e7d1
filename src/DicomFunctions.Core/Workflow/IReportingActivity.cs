namespace DicomFunctions.Core.Workflow;

/// <summary>An activity that tells how far it is while it runs. Engines that can show it do; the others pass no listener.</summary>
public interface IReportingActivity<TIn, TOut> : IActivity<TIn, TOut>
{
    /// <param name="input">As for <see cref="IActivity{TIn, TOut}.RunAsync"/>.</param>
    /// <param name="progress">Is told what this execution has done so far; null: nobody listens.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the host stops. What is done by then may still be given: it is kept, and the workflow asks for the rest.
    /// </param>
    Task<TOut> RunAsync(TIn input, IProgress<JobProgress>? progress, CancellationToken cancellationToken);

    Task<TOut> IActivity<TIn, TOut>.RunAsync(TIn input, CancellationToken cancellationToken) =>
        RunAsync(input, progress: null, cancellationToken);
}
