using DicomFunctions.Core.PubSub;
using DicomFunctions.Local.Engine;
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
                // Whatever it was: the messages of tomorrow must still be taken.
                LogFailed(FailureText.Of(exception));
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(11, LogLevel.Information, "Took {Count} notifications.")]
    private partial void LogTaken(int count);

    [LoggerMessage(12, LogLevel.Warning, "Notifications could not be taken; trying again. {Reason}")]
    private partial void LogFailed(string reason);
}
