using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Events;

/// <summary>
/// Sends the events in the outbox, the oldest first, and removes each that the endpoint has accepted. Repeated, it sends again what it
/// could not remove, as the same event. An event that is refused does not stop the others, but an endpoint that takes none is not asked
/// for each. Gives up on what it could not send for a day.
/// </summary>
internal sealed partial class SendEvents(
    Outbox outbox, IEventEndpoint endpoint, IOptions<EventOptions> options, TimeProvider time, ILogger<SendEvents> logger)
    : IActivity<int, EventsRound>
{
    /// <summary>How long events are sent.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>If the first few are refused, the endpoint takes none. The next round begins with the few after them.</summary>
    private const int MaxRefused = 3;

    /// <summary>How long one round sends. The rest is for the next.</summary>
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(30);

    public async Task<EventsRound> RunAsync(int input, CancellationToken cancellationToken)
    {
        // Without an endpoint, retention clears what was written while there was one.
        var all = options.Value.IsEnabled
            ? await outbox.ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false)
            : [];
        var left = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (id, written) in all)
            left[id] = written;
        var started = time.GetTimestamp();
        List<string> refused = [];
        var (sent, isDown, isUnfinished) = (0, false, false);
        EventDelivery trouble = default;
        for (var i = 0; i < all.Count && !isDown && !isUnfinished; i++)
        {
            var id = all[(int)((i + ((long)input * MaxRefused)) % all.Count)].Id;
            var delivery = await SendAsync(id, cancellationToken).ConfigureAwait(false);
            if (delivery.IsAccepted)
            {
                left.Remove(id);
                sent++;
            }
            else
            {
                refused.Add(id);
                trouble = delivery;
            }

            isDown = sent == 0 && refused.Count == MaxRefused;
            isUnfinished = i + 1 < all.Count && time.GetElapsedTime(started) >= LongestRound;
        }

        if (refused.Count > 0)
        {
            var given = await GiveUpAsync(left, isDown ? [.. left.Keys] : refused, cancellationToken).ConfigureAwait(false);
            if (given > 0)
                LogGivenUp(given, trouble.Problem!);
            if (left.Count > 0)
                LogLeft(left.Count, trouble.Problem!);
        }

        return new EventsRound
        {
            Sent = sent,
            Left = left.Count,
            IsUnfinished = isUnfinished && refused.Count == 0,
            RetryAfter = trouble.RetryAfter,
            Seen = LookIntoOutbox.Of(left.Keys),
        };
    }

    private async Task<EventDelivery> SendAsync(string id, CancellationToken cancellationToken)
    {
        if (await outbox.ReadAsync(id, cancellationToken).ConfigureAwait(false) is { } json)
        {
            var delivery = await endpoint.SendAsync(id, json, cancellationToken).ConfigureAwait(false);
            if (!delivery.IsAccepted)
                return delivery;
        }

        await outbox.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        return EventDelivery.Accepted;
    }

    /// <summary>Removes the events that are too old, and returns their number.</summary>
    private async Task<int> GiveUpAsync(
        SortedDictionary<string, DateTimeOffset> left, IReadOnlyList<string> unsent, CancellationToken cancellationToken)
    {
        var given = 0;
        foreach (var id in unsent)
        {
            if (time.GetUtcNow() - left[id] <= Lifetime)
                continue;
            await outbox.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
            left.Remove(id);
            given++;
        }

        return given;
    }

    [LoggerMessage(1102, LogLevel.Warning, "{Count} events are not sent yet; trying again. The endpoint of events: {Problem}")]
    private partial void LogLeft(int count, string problem);

    [LoggerMessage(1103, LogLevel.Error, "{Count} events could not be sent for a day, and are dropped. The endpoint of events: {Problem}")]
    private partial void LogGivenUp(int count, string problem);
}
