using System.Collections.Concurrent;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>The emulator's topics and pull subscriptions. It writes what it accepts to the journal, if there is one.</summary>
internal sealed class PubSubBroker : IAsyncDisposable
{
    public static readonly TimeSpan DefaultAckDeadline = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, List<Subscription>> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _topology = new();
    private readonly TimeProvider _time;
    private readonly PubSubJournal? _journal;
    private long _lastId;

    public PubSubBroker(TimeProvider time, string? directory)
    {
        _time = time;
        if (directory is not null)
        {
            var path = Path.Combine(directory, "pubsub.ndjson");
            JournalReplay.Into(this, path);
            _journal = new PubSubJournal(path, WriteState);
        }
    }

    public bool HasTopic(string topic) => _topics.ContainsKey(topic);

    public Subscription? Find(string subscription) => _subscriptions.GetValueOrDefault(subscription);

    /// <summary>Creates a topic; false if it exists.</summary>
    public bool CreateTopic(string topic)
    {
        lock (_topology)
        {
            var created = _topics.TryAdd(topic, []);
            if (created)
                _journal?.Append(JournalLines.Topic(topic));

            return created;
        }
    }

    /// <summary>Creates a subscription to an existing topic; false if the subscription exists.</summary>
    public bool CreateSubscription(string name, string topic, TimeSpan ackDeadline)
    {
        lock (_topology)
        {
            var subscription = new Subscription(name, topic, ackDeadline, _time);
            if (!_subscriptions.TryAdd(name, subscription))
                return false;

            // Replaced rather than changed, since publishers read it without the lock.
            _topics.AddOrUpdate(topic, [subscription], (_, others) => [.. others, subscription]);
            _journal?.Append(JournalLines.Subscription(name, topic, ackDeadline));
            return true;
        }
    }

    public bool DeleteTopic(string topic)
    {
        lock (_topology)
        {
            var deleted = _topics.TryRemove(topic, out _);
            _journal?.Append(JournalLines.DeletedTopic(topic));
            return deleted;
        }
    }

    public bool DeleteSubscription(string name)
    {
        lock (_topology)
        {
            if (!_subscriptions.TryRemove(name, out var subscription))
                return false;

            if (_topics.TryGetValue(subscription.Topic, out var others))
                _topics[subscription.Topic] = [.. others.Where(other => !ReferenceEquals(other, subscription))];

            _journal?.Append(JournalLines.DeletedSubscription(name));
            return true;
        }
    }

    /// <summary>Publishes to every subscription that the topic has now; null if there is no such topic.</summary>
    public PubSubMessage? Publish(string topic, ReadOnlyMemory<byte> members)
    {
        lock (_topology)
        {
            if (!_topics.TryGetValue(topic, out var subscriptions))
                return null;

            var message = new PubSubMessage(++_lastId, _time.GetUtcNow(), members);
            if (subscriptions.Count > 0)
            {
                // The journal must have the message before anyone can acknowledge it.
                _journal?.Append(JournalLines.Message(message, topic));
            }

            foreach (var subscription in subscriptions)
                subscription.Add(message);

            return message;
        }
    }

    public void Acknowledge(Subscription subscription, IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
            subscription.Acknowledge(id);

        _journal?.Append(JournalLines.Acknowledged(subscription.Name, ids));
    }

    /// <summary>Returns once everything accepted so far is on the disk.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _journal?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Restores a message from the journal.</summary>
    internal void Restore(PubSubMessage message, IEnumerable<string> subscriptions)
    {
        RestoreLastId(message.Id);
        foreach (var name in subscriptions)
            Find(name)?.Add(message);
    }

    /// <summary>Restores the last message id from the journal, so that ids of acknowledged messages are not used again.</summary>
    internal void RestoreLastId(long id) => _lastId = Math.Max(_lastId, id);

    internal IEnumerable<string> SubscriptionsOf(string topic) =>
        _topics.TryGetValue(topic, out var subscriptions) ? subscriptions.Select(subscription => subscription.Name) : [];

    public async ValueTask DisposeAsync()
    {
        if (_journal is not null)
            await _journal.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The lines of a compacted journal: they lead to the current state.</summary>
    private List<byte[]> WriteState()
    {
        var lines = new List<byte[]>();
        lock (_topology)
        {
            lines.Add(JournalLines.LastId(_lastId));
            lines.AddRange(_topics.Keys.Select(JournalLines.Topic));
            lines.AddRange(_subscriptions.Values.Select(one => JournalLines.Subscription(one.Name, one.Topic, one.AckDeadline)));
            foreach (var subscription in _subscriptions.Values)
                lines.AddRange(subscription.Unacknowledged.Select(message => JournalLines.Waiting(message, subscription.Name)));
        }

        return lines;
    }
}
