using System.Collections.Concurrent;
using DicomFunctions.Emulator.Dicom;

namespace DicomFunctions.Emulator.Storage;

/// <summary>
/// A DICOM store: an index in memory over instances whose bytes <see cref="IInstanceFiles"/> keeps.
/// Readers take no lock and only see whole instances.
/// </summary>
internal sealed class DicomStore(StoreName name, IInstanceFiles files)
{
    private readonly ConcurrentDictionary<string, StudyEntry> _studiesByUid = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SeriesEntry[]> _seriesByUid = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, InstanceEntry[]> _instancesByUid = new(StringComparer.Ordinal);
    private readonly GrowingList<StudyEntry> _studies = new();
    private readonly Lock _index = new();
    private readonly SemaphoreSlim[] _sopLocks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];
    private long _instanceCount;

    public StoreName Name { get; } = name;

    public ReadOnlyMemory<StudyEntry> Studies => _studies.Items;

    public long InstanceCount => Interlocked.Read(ref _instanceCount);

    public StudyEntry? FindStudy(string uid) => _studiesByUid.GetValueOrDefault(uid);

    /// <summary>All series with a UID: more than one if several studies have a series of that UID.</summary>
    public IReadOnlyList<SeriesEntry> FindSeries(string uid) => _seriesByUid.GetValueOrDefault(uid, []);

    /// <summary>All instances with a SOP instance UID: more than one if several series have an instance of that UID.</summary>
    public IReadOnlyList<InstanceEntry> FindInstances(string sopUid) => _instancesByUid.GetValueOrDefault(sopUid, []);

    public InstanceEntry? Find(InstanceKey key)
    {
        foreach (var instance in FindInstances(key.SopUid))
        {
            if (instance.Key == key)
                return instance;
        }

        return null;
    }

    /// <summary>Stores an instance. Once this returns <see cref="AddOutcome.Stored"/>, its bytes are kept and searches find it.</summary>
    /// <exception cref="IOException">The bytes cannot be kept.</exception>
    public async ValueTask<AddOutcome> AddAsync(InstanceHeader header, SpooledBody body, CancellationToken cancellationToken)
    {
        var sopLock = LockOf(header.Key);
        await sopLock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Find(header.Key) is { } present)
            {
                return await SameBytes.AreEqualAsync(present.Content, body, cancellationToken).ConfigureAwait(false)
                    ? AddOutcome.AlreadyStored
                    : AddOutcome.Conflict;
            }

            var content = await files.CommitAsync(Name, header.Key, body, cancellationToken).ConfigureAwait(false);
            Index(header, content);
            return AddOutcome.Stored;
        }
        finally
        {
            sopLock.Release();
        }
    }

    /// <summary>Adds an instance whose bytes are kept already to the index.</summary>
    public void Index(InstanceHeader header, InstanceContent content)
    {
        var row = header.Attributes.Render(SearchFields.Instance, SearchFields.StudyComputed);
        lock (_index)
        {
            var series = SeriesOf(header, StudyOf(header));
            var instance = new InstanceEntry
            {
                Series = series,
                SopUid = header.Key.SopUid,
                SopClassUid = header.SopClassUid,
                TransferSyntaxUid = header.TransferSyntaxUid,
                Row = row,
                Content = content,
            };
            series.InstancesByUid[instance.SopUid] = instance;
            series.Instances.Add(instance);
            _instancesByUid.AddOrUpdate(instance.SopUid, _ => [instance], (_, others) => [.. others, instance]);
            Interlocked.Increment(ref _instanceCount);
        }
    }

    /// <summary>Removes an instance, and its series and study if it was their last. False if the store no longer had it.</summary>
    public async ValueTask<bool> RemoveAsync(InstanceEntry instance, CancellationToken cancellationToken)
    {
        var sopLock = LockOf(instance.Key);
        await sopLock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!ReferenceEquals(Find(instance.Key), instance))
                return false;

            files.Delete(instance.Content);
            Unindex(instance);
            return true;
        }
        finally
        {
            sopLock.Release();
        }
    }

    private static void Drop<T>(ConcurrentDictionary<string, T[]> map, string uid, T entry)
        where T : class
    {
        var others = map[uid].Where(other => !ReferenceEquals(other, entry)).ToArray();
        if (others.Length > 0)
            map[uid] = others;
        else
            map.TryRemove(uid, out _);
    }

    private SemaphoreSlim LockOf(InstanceKey key) =>
        _sopLocks[(uint)string.GetHashCode(key.SopUid, StringComparison.Ordinal) % (uint)_sopLocks.Length];

    private StudyEntry StudyOf(InstanceHeader header)
    {
        if (FindStudy(header.Key.StudyUid) is { } known)
            return known;

        var from = header.Attributes;
        var study = new StudyEntry(
            header.Key.StudyUid,
            new StudyAttributes(
                from.Text(Tags.PatientName), from.Text(Tags.PatientId), from.Text(Tags.AccessionNumber),
                from.Text(Tags.ReferringPhysicianName), from.Text(Tags.StudyDate)),
            from.Render(SearchFields.Study, SearchFields.StudyComputed));
        _studiesByUid[study.Uid] = study;
        _studies.Add(study);
        return study;
    }

    private SeriesEntry SeriesOf(InstanceHeader header, StudyEntry study)
    {
        if (study.SeriesByUid.TryGetValue(header.Key.SeriesUid, out var known))
            return known;

        var series = new SeriesEntry(
            study,
            header.Key.SeriesUid,
            header.Attributes.Text(Tags.Modality),
            header.Attributes.Render(SearchFields.Series, SearchFields.SeriesComputed));
        study.SeriesByUid[series.Uid] = series;
        study.Series.Add(series);
        _seriesByUid.AddOrUpdate(series.Uid, _ => [series], (_, others) => [.. others, series]);
        return series;
    }

    private void Unindex(InstanceEntry instance)
    {
        lock (_index)
        {
            var series = instance.Series;
            series.InstancesByUid.TryRemove(instance.SopUid, out _);
            series.Instances.Remove(instance);
            Drop(_instancesByUid, instance.SopUid, instance);
            Interlocked.Decrement(ref _instanceCount);
            if (series.Instances.Count > 0)
                return;

            series.Study.SeriesByUid.TryRemove(series.Uid, out _);
            series.Study.Series.Remove(series);
            Drop(_seriesByUid, series.Uid, series);
            if (series.Study.Series.Count == 0)
            {
                _studiesByUid.TryRemove(series.Study.Uid, out _);
                _studies.Remove(series.Study);
            }
        }
    }
}
