using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.App.Workflow;

/// <summary>Runs the activities that Durable Functions calls, JSON in and out.</summary>
public sealed partial class ActivityRunner(WorkflowCatalog catalog, ILogger<ActivityRunner> logger)
{
    /// <summary>Runs an activity once. What it throws, the engine tries again, and at last keeps: so it says nothing of a patient.</summary>
    /// <exception cref="ActivityFailedException">The activity threw; the message says what, in words that may be kept.</exception>
    public async Task<string> RunAsync(string name, string input, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.RunActivityAsync(name, input, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var reason = exception is ObjectStoreException or ActivityFailedException ? exception.Message : exception.GetType().Name;
            LogFailed(name, reason, exception.StackTrace);
            throw new ActivityFailedException(reason);
        }
    }

    [LoggerMessage(21, LogLevel.Warning, "Activity {Activity} failed and may be tried again: {Reason}\n{StackTrace}")]
    private partial void LogFailed(string activity, string reason, string? stackTrace);
}
