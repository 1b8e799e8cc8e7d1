using DicomFunctions.Core.Events;
using DicomFunctions.Core.Failures;

namespace DicomFunctions.Local.Serve;

/// <summary>Wakes the events workflow at the start and every minute, if there is an event that it has missed.</summary>
internal sealed partial class EventLoop(EventDoorbell doorbell, TimeProvider time, ILogger<EventLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await doorbell.RingIfNeededAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever the cause, it must not end the host.
                LogFailed(FailureText.Of(exception));
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1104, LogLevel.Warning, "Could not look for events to send; trying again in a minute. {Reason}")]
    private partial void LogFailed(string reason);
}
