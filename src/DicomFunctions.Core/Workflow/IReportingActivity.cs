namespace DicomFunctions.Core.Workflow;

/// <summary>An activity that reports its progress while it runs, if the engine can show that.</summary>
internal interface IReportingActivity<TIn, TOut> : IActivity<TIn, TOut>
{
    /// <param name="input">See <see cref="IActivity{TIn, TOut}.RunAsync"/>.</param>
    /// <param name="progress">Receives the progress of this execution; null if nobody listens.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the host stops. The activity may then return what it has done: that is kept, and the workflow requests the rest.
    /// </param>
    Task<TOut> RunAsync(TIn input, IProgress<JobProgress>? progress, CancellationToken cancellationToken);

    Task<TOut> IActivity<TIn, TOut>.RunAsync(TIn input, CancellationToken cancellationToken) =>
        RunAsync(input, progress: null, cancellationToken);
}
