using System.Collections.Concurrent;

namespace DicomFunctions.Emulator.Statistics;

/// <summary>Counts of requests and instances, of all stores together or of one. Safe to read at any time.</summary>
public sealed class EmulatorStatistics
{
    private static readonly RequestKind[] Kinds = Enum.GetValues<RequestKind>();
    private readonly RequestCounter[] _byKind = [.. Kinds.Select(_ => new RequestCounter())];
    private readonly ConcurrentDictionary<int, long> _statuses = new();
    private readonly ConcurrentDictionary<string, EmulatorStatistics> _stores = new(StringComparer.Ordinal);
    private long _stored;
    private long _alreadyStored;
    private long _refused;
    private long _storedBytes;
    private long _deleted;
    private long _notifications;
    private long _notificationsLost;
    private long _faults;

    /// <summary>DICOMweb requests of all kinds, without Pub/Sub and administration.</summary>
    public RequestCounter DicomWeb { get; } = new();

    /// <summary>Instances stored for the first time.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Instances stored again with the same bytes.</summary>
    public long AlreadyStored => Interlocked.Read(ref _alreadyStored);

    /// <summary>Instances refused: conflicts, and files that are not valid DICOM.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Total bytes of the instances stored for the first time.</summary>
    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    /// <summary>Instances deleted.</summary>
    public long Deleted => Interlocked.Read(ref _deleted);

    /// <summary>Notifications handed to Pub/Sub.</summary>
    public long Notifications => Interlocked.Read(ref _notifications);

    /// <summary>Notifications dropped because too many were waiting for a Pub/Sub emulator that did not answer.</summary>
    public long NotificationsLost => Interlocked.Read(ref _notificationsLost);

    /// <summary>Requests that had a fault.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>DICOMweb answers by status code; 0 counts the connections that faults broke.</summary>
    public IReadOnlyDictionary<int, long> Statuses => _statuses;

    /// <summary>The counter of one kind of request.</summary>
    public RequestCounter this[RequestKind kind] => _byKind[(int)kind];

    /// <summary>The statistics of one store, by its resource name.</summary>
    public EmulatorStatistics ForStore(string store) => _stores.GetOrAdd(store, static _ => new EmulatorStatistics());

    /// <summary>Sets all counts to zero, except those of requests in flight.</summary>
    public void Reset()
    {
        DicomWeb.Reset();
        foreach (var counter in _byKind)
            counter.Reset();

        _stored = _alreadyStored = _refused = _storedBytes = _deleted = _notifications = _notificationsLost = _faults = 0;
        _statuses.Clear();
        foreach (var store in _stores.Values)
            store.Reset();
    }

    /// <summary>The current values.</summary>
    public StatisticsSnapshot Snapshot() => new()
    {
        DicomWeb = RequestSnapshot.Of(DicomWeb),
        Requests = Kinds.ToDictionary(kind => kind, kind => RequestSnapshot.Of(this[kind])),
        Statuses = _statuses.OrderBy(status => status.Key).ToDictionary(),
        Stored = Stored,
        AlreadyStored = AlreadyStored,
        Refused = Refused,
        StoredBytes = StoredBytes,
        Deleted = Deleted,
        Notifications = Notifications,
        NotificationsLost = NotificationsLost,
        Faults = Faults,
        Stores = _stores.IsEmpty ? null : _stores.ToDictionary(store => store.Key, store => store.Value.Snapshot()),
    };

    internal void Begin(RequestKind kind)
    {
        this[kind].Begin();
        if (kind is not (RequestKind.PubSub or RequestKind.Other))
            DicomWeb.Begin();
    }

    internal void End(RequestKind kind, int status)
    {
        this[kind].End();
        if (kind is not (RequestKind.PubSub or RequestKind.Other))
        {
            DicomWeb.End();
            _statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
        }
    }

    internal void CountStored(long bytes)
    {
        Interlocked.Increment(ref _stored);
        Interlocked.Add(ref _storedBytes, bytes);
    }

    internal void CountAlreadyStored() => Interlocked.Increment(ref _alreadyStored);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountDeleted() => Interlocked.Increment(ref _deleted);

    internal void CountNotifications(int count) => Interlocked.Add(ref _notifications, count);

    internal void CountNotificationsLost(int count) => Interlocked.Add(ref _notificationsLost, count);

    internal void CountFault() => Interlocked.Increment(ref _faults);
}
