using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Events;

/// <summary>Wakes the workflow that sends events. Ringing too often or without need does no harm.</summary>
internal sealed partial class EventDoorbell
{
    private readonly IWorkflowEngine _engine;
    private readonly Outbox _outbox;
    private readonly EventOptions _options;
    private readonly ILogger _logger;

    public EventDoorbell(IWorkflowEngine engine, IObjectStore store, IOptions<EventOptions> options, ILogger<EventDoorbell> logger) =>
        (_engine, _outbox, _options, _logger) = (engine, new Outbox(store), options.Value, logger);

    /// <summary>Starts the workflow unless it runs. Fails only if cancelled: the event stays, and the next ring sends it.</summary>
    public async Task RingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _engine.StartAsync(EventActivities.Workflow, EventActivities.InstanceId, new EventsState(), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRung(FailureText.Of(exception));
        }
    }

    /// <summary>
    /// Rings if there is an event to send. Called at intervals: a ring is lost if it could not be made, or came while the workflow was
    /// ending.
    /// </summary>
    public async Task RingIfNeededAsync(CancellationToken cancellationToken)
    {
        if (_options.IsEnabled && await _outbox.ListAsync(cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false))
            await RingAsync(cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(1101, LogLevel.Warning, "The events workflow could not be started; its events are sent later. {Reason}")]
    private partial void LogNotRung(string reason);
}
