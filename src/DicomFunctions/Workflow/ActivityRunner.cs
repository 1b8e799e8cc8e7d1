using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.App.Workflow;

/// <summary>Runs the activities that Durable Functions calls, JSON in and out.</summary>
internal sealed partial class ActivityRunner(WorkflowCatalog catalog, ILogger<ActivityRunner> logger)
{
    /// <summary>
    /// Runs an activity once. Why it failed, if it did, is in what it gives (<see cref="ActivityOutcome"/>), in words that may be kept: it
    /// goes to the history, so it says nothing of a patient.
    /// </summary>
    /// <exception cref="OperationCanceledException">The host is stopping. That is no failure of the activity's.</exception>
    public async Task<string> RunAsync(string name, string input, CancellationToken cancellationToken)
    {
        try
        {
            var output = await catalog.RunActivityAsync(name, input, cancellationToken).ConfigureAwait(false);
            return new ActivityOutcome(output, Failure: null).ToString();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var reason = FailureText.Of(exception);
            LogFailed(name, reason, exception.StackTrace);
            return new ActivityOutcome(Output: null, reason).ToString();
        }
    }

    [LoggerMessage(1401, LogLevel.Warning, "Activity {Activity} failed and may be tried again: {Reason}\n{StackTrace}")]
    private partial void LogFailed(string activity, string reason, string? stackTrace);
}
