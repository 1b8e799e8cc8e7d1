using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Service;

namespace DicomFunctions.Local.Serve;

/// <summary>Removes old jobs ten minutes after the start, and then once a day.</summary>
internal sealed partial class RetentionLoop(IJobService jobs, TimeProvider time, ILogger<RetentionLoop> logger) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Next = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = First;
        while (true)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                LogRemoved(await jobs.RemoveExpiredAsync(stoppingToken).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever the cause, such as a damaged file, it must not end the host.
                LogFailed(FailureText.Of(exception));
            }

            wait = Next;
        }
    }

    [LoggerMessage(1301, LogLevel.Information, "Removed {Count} old jobs.")]
    private partial void LogRemoved(int count);

    [LoggerMessage(1302, LogLevel.Warning, "Could not remove old jobs; trying again in a day. {Reason}")]
    private partial void LogFailed(string reason);
}
