using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.PubSub;

/// <summary>
/// Turns messages into jobs: a pull becomes one job, and its messages are acknowledged once the engine has accepted it. After a failure
/// before that, they are delivered again.
/// </summary>
internal sealed partial class NotificationPump(
    INotificationSubscription subscription,
    IJobService jobs,
    IOptions<NotificationOptions> options,
    IOptions<JobOptions> limits,
    SubscriptionPulls pulls,
    TimeProvider time,
    ILogger<NotificationPump> logger) : INotificationPump
{
    /// <summary>Half of ten seconds, the default and the minimum of a subscription's own deadline.</summary>
    private static readonly TimeSpan FirstExtension = TimeSpan.FromSeconds(5);

    /// <summary>How often a problem that stays is logged.</summary>
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromHours(1);

    private readonly NotificationOptions _options = options.Value;
    private string? _problem;
    private long _loggedAt;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var taken = await PullAllAsync(cancellationToken).ConfigureAwait(false);
            if (_problem is not null)
                LogReadable();
            _problem = null;
            return taken;
        }
        catch (NotificationException exception)
        {
            Instruments.Pulls.Add(1, Tag.OfOutcome(isSuccess: false));
            Report(exception.Message);
            throw;
        }
    }

    private async Task<int> PullAllAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var taken = 0;
        // A pull of more messages than a job may have would never be accepted.
        var most = Math.Min(_options.MaxMessages, limits.Value.MaxInputs);
        while (time.GetElapsedTime(started) < _options.RoundTime)
        {
            var messages = await subscription.PullAsync(most, cancellationToken).ConfigureAwait(false);
            Instruments.Pulls.Add(1, Tag.OfOutcome(isSuccess: true));
            pulls.Tell();
            if (messages.Count == 0)
                break;
            await AcceptAsync(messages, cancellationToken).ConfigureAwait(false);
            taken += messages.Count;
            Instruments.Notifications.Add(messages.Count);
            LogTaken(messages.Count);
        }

        return taken;
    }

    /// <summary>Logs a problem at first, and then once an hour while it stays.</summary>
    private void Report(string problem)
    {
        if (_problem == problem && time.GetElapsedTime(_loggedAt) < ReminderInterval)
            return;
        (_problem, _loggedAt) = (problem, time.GetTimestamp());
        LogUnreadable(problem);
    }

    private async Task AcceptAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var ackIds = messages.Select(message => message.AckId).ToList();
        using var accepted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var extending = ExtendAsync(ackIds, accepted.Token);
        try
        {
            var draft = jobs.Draft(JobKind.Notifications);
            await using (draft.ConfigureAwait(false))
            {
                foreach (var message in InOrder(messages))
                    await draft.AddAsync(ToJson(message), cancellationToken).ConfigureAwait(false);
                await jobs.SubmitAsync(draft, _options.Submission, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await accepted.CancelAsync().ConfigureAwait(false);
            await extending.ConfigureAwait(false);
        }

        // The job is accepted: acknowledge the messages even if this host is about to stop.
        await subscription.AcknowledgeAsync(ackIds, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Sorts messages that may share a search by their path, so that those of one series are in one batch.</summary>
    private IEnumerable<ReceivedMessage> InOrder(IReadOnlyList<ReceivedMessage> messages) =>
        _options.Collapse == Collapse.None
            ? messages
            : messages.OrderBy(message => Encoding.UTF8.GetString(message.Data.Span), StringComparer.Ordinal);

    /// <summary>
    /// Replaces the subscription's deadline with ours before it passes, and renews ours when half of it has passed, until cancelled. A
    /// renewal that fails only causes a second delivery.
    /// </summary>
    private async Task ExtendAsync(List<string> ackIds, CancellationToken cancellationToken)
    {
        try
        {
            for (var wait = FirstExtension; ; wait = _options.AckDeadline / 2)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
                await subscription.ExtendAsync(ackIds, _options.AckDeadline, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (NotificationException)
        {
        }
    }

    private static ReadOnlySpan<byte> ToJson(ReceivedMessage message)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBase64String("data", message.Data.Span);
            json.WriteStartObject("attributes");
            foreach (var (key, value) in message.Attributes)
                json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteString("messageId", message.MessageId);
            json.WriteString("publishTime", message.PublishTime);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    [LoggerMessage(1201, LogLevel.Warning, "The subscription cannot be read; trying again. {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(1202, LogLevel.Information, "The subscription can be read again.")]
    private partial void LogReadable();

    [LoggerMessage(1203, LogLevel.Information, "Received {Count} notifications.")]
    private partial void LogTaken(int count);
}
