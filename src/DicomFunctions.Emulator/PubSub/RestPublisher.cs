using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>
/// Publishes to Google's Pub/Sub emulator by REST, in the background and in batches of one topic. Retries until the emulator accepts, and
/// creates missing topics and subscriptions. While the emulator is down, notifications wait; when too many do, the oldest are dropped.
/// </summary>
internal sealed class RestPublisher : INotificationPublisher
{
    private const int MaxWaiting = 200_000;
    private const int MaxBatch = 100;
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);
    private readonly Channel<Notification> _waiting;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client;
    private readonly NotificationNames _names;
    private readonly EmulatorStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly Task _publishing;

    /// <param name="address">The address of its REST API.</param>
    /// <param name="names">Names topics and subscriptions.</param>
    /// <param name="statistics">Counts notifications published and dropped.</param>
    /// <param name="time">The clock that dates events.</param>
    public RestPublisher(Uri address, NotificationNames names, EmulatorStatistics statistics, TimeProvider time)
    {
        _names = names;
        _statistics = statistics;
        _time = time;
        _client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _waiting = Channel.CreateBounded<Notification>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => statistics.CountNotificationsLost(1));
        _publishing = PublishAsync();
    }

    /// <summary>The address of the REST API of a Pub/Sub emulator.</summary>
    /// <exception cref="FormatException">The host is not of the form HOST:PORT.</exception>
    public static Uri AddressOf(string host) =>
        Uri.TryCreate($"http://{host}/v1/", UriKind.Absolute, out var address)
            && host.Equals($"{address.Host}:{address.Port}", StringComparison.OrdinalIgnoreCase)
            ? address
            : throw new FormatException($"Invalid Pub/Sub emulator \"{host}\". Use the form HOST:PORT.");

    // An event without a message only creates the topic, so that a subscriber finds it before the first instance arrives.
    public void StoreCreated(StoreName store) => _waiting.Writer.TryWrite(new Notification(store, default));

    public void Publish(StoreName store, StoreEvent storeEvent) =>
        _waiting.Writer.TryWrite(new Notification(store, MessageMembers.Of(store, storeEvent, _time.GetUtcNow())));

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();

        // Waiting notifications get a moment to leave; an emulator that is down must not keep the process alive.
        _stop.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await _publishing.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _statistics.CountNotificationsLost(_waiting.Reader.Count);
        }

        _client.Dispose();
        _stop.Dispose();
    }

    private async Task PublishAsync()
    {
        var batch = new List<Notification>();
        Notification? ahead = null;
        while (ahead is not null || await _waiting.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
        {
            batch.Clear();
            if (ahead is { } first)
            {
                batch.Add(first);
                ahead = null;
            }

            while (batch.Count < MaxBatch && ahead is null && _waiting.Reader.TryRead(out var next))
            {
                if (batch.Count == 0 || batch[0].Store == next.Store)
                    batch.Add(next);
                else
                    ahead = next;
            }

            if (batch.Count > 0)
                await PublishBatchAsync(batch).ConfigureAwait(false);
        }
    }

    private async Task PublishBatchAsync(List<Notification> batch)
    {
        var messages = batch.Where(notification => !notification.Members.IsEmpty).ToArray();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                if (await TryPublishAsync(batch[0].Store, messages).ConfigureAwait(false))
                {
                    _statistics.CountNotifications(messages.Length);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Unreachable, or the connection broke: try again.
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                // The request timed out.
            }

            await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryPublishAsync(StoreName store, Notification[] messages)
    {
        var topic = _names.TopicOf(store);
        if (messages.Length == 0)
            return await CreateAsync(store, topic).ConfigureAwait(false);

        using var response = await _client.PostAsync(Address($"{topic}:publish"), Body(messages), _stop.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
            await CreateAsync(store, topic).ConfigureAwait(false);

        return response.IsSuccessStatusCode;
    }

    private async Task<bool> CreateAsync(StoreName store, string topic)
    {
        var created = await PutAsync(topic, "{}").ConfigureAwait(false);
        return _names.SubscriptionOf(store) is { } subscription
            ? created && await PutAsync(subscription, $$"""{"topic":"{{topic}}"}""").ConfigureAwait(false)
            : created;
    }

    private async Task<bool> PutAsync(string name, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.PutAsync(Address(name), content, _stop.Token).ConfigureAwait(false);
        return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Conflict;
    }

    /// <summary>Escapes the percent signs of a name, which are literal.</summary>
    private static Uri Address(string name) => new(name.Replace("%", "%25", StringComparison.Ordinal), UriKind.Relative);

    private static ByteArrayContent Body(Notification[] messages)
    {
        using var body = new MemoryStream();
        body.Write("{\"messages\":["u8);
        for (var i = 0; i < messages.Length; i++)
        {
            body.Write(i == 0 ? "{"u8 : ",{"u8);
            body.Write(messages[i].Members.Span);
            body.Write("}"u8);
        }

        body.Write("]}"u8);
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private readonly record struct Notification(StoreName Store, ReadOnlyMemory<byte> Members);
}
