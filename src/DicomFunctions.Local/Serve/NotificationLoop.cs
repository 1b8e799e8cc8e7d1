using DicomFunctions.Core.Failures;
using DicomFunctions.Core.PubSub;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Serve;

/// <summary>Runs the notification pump for as long as the host runs.</summary>
internal sealed partial class NotificationLoop(
    INotificationPump pump, IOptions<NotificationOptions> options, TimeProvider time, ILogger<NotificationLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Subscription is null)
            return;
        var pause = Pause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var taken = await pump.RunAsync(stoppingToken).ConfigureAwait(false);
                if (taken > 0)
                    LogTaken(taken);
                pause = Pause;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever the cause, later messages must still be pulled.
                LogFailed(FailureText.Of(exception));
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(11, LogLevel.Information, "Received {Count} notifications.")]
    private partial void LogTaken(int count);

    [LoggerMessage(12, LogLevel.Warning, "Could not pull notifications; trying again. {Reason}")]
    private partial void LogFailed(string reason);
}
