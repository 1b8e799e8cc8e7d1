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
                await pump.RunAsync(stoppingToken).ConfigureAwait(false);
                pause = Pause;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever the cause, later messages must still be pulled.
                if (exception is not NotificationException) // The pump reports those.
                    LogFailed(FailureText.Of(exception));
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1204, LogLevel.Warning, "Could not turn notifications into a job; trying again. {Reason}")]
    private partial void LogFailed(string reason);
}
