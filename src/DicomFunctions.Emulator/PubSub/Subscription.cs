using System.Globalization;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>
/// A pull subscription. It delivers a message again when its deadline passes or the subscriber gives it back, until it is acknowledged.
/// </summary>
internal sealed class Subscription(string name, string topic, TimeSpan ackDeadline, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Backlogged> _backlog = [];
    private readonly Queue<long> _ready = new();
    private readonly PriorityQueue<(long Id, int Number), DateTimeOffset> _deadlines = new();
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name { get; } = name;

    public string Topic { get; } = topic;

    public TimeSpan AckDeadline { get; } = ackDeadline;

    /// <summary>The messages not yet acknowledged, in the order of their ids.</summary>
    public IReadOnlyList<PubSubMessage> Unacknowledged
    {
        get
        {
            lock (_gate)
                return [.. _backlog.Values.Select(backlogged => backlogged.Message).OrderBy(message => message.Id)];
        }
    }

    public void Add(PubSubMessage message)
    {
        lock (_gate)
        {
            if (_backlog.TryAdd(message.Id, new Backlogged(message)))
                MakeReady(message.Id);
        }
    }

    /// <summary>Returns up to <paramref name="max"/> messages; waits up to <paramref name="wait"/> for the first one.</summary>
    public async Task<IReadOnlyList<PulledMessage>> PullAsync(int max, TimeSpan wait, CancellationToken cancellationToken)
    {
        var giveUp = time.GetUtcNow() + wait;
        while (true)
        {
            Task arrival;
            TimeSpan pause;
            lock (_gate)
            {
                var messages = Take(max);
                var now = time.GetUtcNow();
                if (messages.Count > 0 || now >= giveUp)
                    return messages;

                arrival = _arrival.Task;
                pause = _deadlines.TryPeek(out _, out var deadline) && deadline < giveUp ? deadline - now : giveUp - now;
            }

            // Look again when a message arrives, a deadline passes, or the wait is over.
            using var elapsed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(arrival, Task.Delay(pause, time, elapsed.Token)).ConfigureAwait(false);
            await elapsed.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Acknowledges a message: it is not delivered again. Doing so twice, or after the deadline, is not an error.</summary>
    public void Acknowledge(long id)
    {
        lock (_gate)
            _backlog.Remove(id);
    }

    /// <summary>
    /// Sets a new deadline, counted from now; zero makes the message available at once. Ignores all but the latest delivery.
    /// </summary>
    public void ModifyDeadline(long id, int attempt, TimeSpan deadline)
    {
        lock (_gate)
        {
            if (_backlog.TryGetValue(id, out var message) && message.Attempt == attempt && message.IsOut)
            {
                // The lease number marks the former deadline's entry in the queue as stale.
                message.Lease++;
                if (deadline <= TimeSpan.Zero)
                {
                    message.IsOut = false;
                    MakeReady(id);
                }
                else
                {
                    _deadlines.Enqueue((id, message.Lease), time.GetUtcNow() + deadline);
                }
            }
        }
    }

    /// <summary>Parses an ack id; false if it is malformed.</summary>
    public static bool TryParseAckId(string? ackId, out long id, out int attempt)
    {
        id = 0;
        attempt = 0;
        var colon = ackId?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon > 0
            && long.TryParse(ackId.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out id)
            && int.TryParse(ackId.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out attempt);
    }

    private void MakeReady(long id)
    {
        _ready.Enqueue(id);
        _arrival.TrySetResult();
    }

    private List<PulledMessage> Take(int max)
    {
        var now = time.GetUtcNow();
        while (_deadlines.TryPeek(out var lease, out var deadline) && deadline <= now)
        {
            _deadlines.Dequeue();
            if (_backlog.TryGetValue(lease.Id, out var expired) && expired.IsOut && expired.Lease == lease.Number)
            {
                expired.IsOut = false;
                MakeReady(lease.Id);
            }
        }

        var taken = new List<PulledMessage>();
        while (taken.Count < max && _ready.TryDequeue(out var id))
        {
            if (!_backlog.TryGetValue(id, out var message) || message.IsOut)
                continue;

            message.IsOut = true;
            message.Attempt++;
            message.Lease++;
            _deadlines.Enqueue((id, message.Lease), now + AckDeadline);
            var ackId = string.Create(CultureInfo.InvariantCulture, $"{id}:{message.Attempt}");
            taken.Add(new PulledMessage(message.Message, ackId, message.Attempt));
        }

        if (_ready.Count == 0 && _arrival.Task.IsCompleted)
            _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        return taken;
    }

    private sealed class Backlogged(PubSubMessage message)
    {
        public PubSubMessage Message { get; } = message;

        public bool IsOut { get; set; }

        public int Attempt { get; set; }

        public int Lease { get; set; }
    }
}
