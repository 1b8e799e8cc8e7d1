using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.Core.Jobs;

/// <summary>
/// Reads and writes the small files of jobs. Activities need only what never changes in a spec, so it keeps recent specs in memory.
/// </summary>
internal sealed partial class JobStore(IObjectStore store, TimeProvider time, ILogger<JobStore> logger)
{
    private const int KeptSpecs = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobSpec> _specs = [];
    private readonly Dictionary<string, (long At, bool IsCancelled)> _cancels = [];
    private readonly HashSet<string> _damaged = [];

    /// <summary>Reads <c>job.json</c> from the store, since another host may have replaced it with a tombstone.</summary>
    public async Task<JobFile<JobSpec>> ReadSpecAsync(string id, CancellationToken cancellationToken)
    {
        var file = await ReadAsync(id, new JobFiles(id).Spec, JobJson.Default.JobSpec, cancellationToken).ConfigureAwait(false);
        if (IsGone(file))
            Forget(id);
        else if (file.Content is { } spec)
            Keep(spec);
        return file;
    }

    /// <summary>
    /// The ETag of <c>job.json</c>; null if there is no such job. Take it before looking at the job: any later change is noticed.
    /// </summary>
    public async Task<string?> FindSpecVersionAsync(string id, CancellationToken cancellationToken) => JobId.IsValid(id)
        ? (await store.GetPropertiesAsync(new JobFiles(id).Spec, cancellationToken).ConfigureAwait(false))?.ETag
        : null;

    /// <summary>Writes <c>job.json</c>. Null if the condition was not met.</summary>
    public Task<ObjectProperties?> WriteSpecAsync(JobSpec spec, PutCondition condition, CancellationToken cancellationToken) =>
        WriteAsync(new JobFiles(spec.Id).Spec, spec, JobJson.Default.JobSpec, condition, cancellationToken);

    /// <summary>Reads the state from which the job can continue.</summary>
    public Task<JobFile<JobState>> ReadCheckpointAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(id, new JobFiles(id).Checkpoint, JobJson.Default.JobState, cancellationToken);

    /// <summary>Writes the state from which the job can continue.</summary>
    public Task WriteCheckpointAsync(JobState state, CancellationToken cancellationToken) =>
        WriteAsync(new JobFiles(state.JobId).Checkpoint, state, JobJson.Default.JobState, PutCondition.Always, cancellationToken);

    /// <summary>Reads how the job ended.</summary>
    public Task<JobFile<JobSummary>> ReadSummaryAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(id, new JobFiles(id).Summary, JobJson.Default.JobSummary, cancellationToken);

    /// <summary>Writes how the job ended: from then on it is finished.</summary>
    public Task WriteSummaryAsync(JobSummary summary, CancellationToken cancellationToken) =>
        WriteAsync(new JobFiles(summary.Id).Summary, summary, JobJson.Default.JobSummary, PutCondition.Always, cancellationToken);

    /// <summary>Whether the job does not exist or was deleted, according to the store.</summary>
    public async Task<bool> IsGoneAsync(string id, CancellationToken cancellationToken) =>
        IsGone(await ReadSpecAsync(id, cancellationToken).ConfigureAwait(false));

    /// <summary>The job's spec, from memory if it was read before. Null if there is no such job.</summary>
    /// <exception cref="ObjectDamagedException"><c>job.json</c> cannot be read.</exception>
    public async ValueTask<JobSpec?> FindSpecAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_specs.TryGetValue(id, out var known))
                return known;
        }

        var file = await ReadSpecAsync(id, cancellationToken).ConfigureAwait(false);
        return IsGone(file) ? null : file.OrThrow();
    }

    /// <summary>The job's spec, from memory if it was read before.</summary>
    /// <exception cref="ObjectStoreException">There is no such job.</exception>
    public async ValueTask<JobSpec> GetSpecAsync(string id, CancellationToken cancellationToken) =>
        await FindSpecAsync(id, cancellationToken).ConfigureAwait(false)
        ?? throw new ObjectStoreException($"The job {id} has no job.json.");

    /// <summary>Keeps a spec in memory for the activities of this process.</summary>
    public void Keep(JobSpec spec)
    {
        lock (_lock)
        {
            if (_specs.Count >= KeptSpecs)
                _specs.Clear();
            _specs[spec.Id] = spec;
        }
    }

    /// <summary>Drops what is kept in memory about a job.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            _specs.Remove(id);
            _cancels.Remove(id);
        }
    }

    /// <summary>Writes the job's cancellation marker.</summary>
    public async Task MarkCancelledAsync(string id, CancellationToken cancellationToken)
    {
        using var marker = new MemoryStream([], writable: false);
        await store.PutAsync(new JobFiles(id).Cancel, marker, PutCondition.Always, cancellationToken).ConfigureAwait(false);
        lock (_lock)
            _cancels[id] = (time.GetTimestamp(), true);
    }

    /// <summary>Removes the job's cancellation marker.</summary>
    public async Task UnmarkCancelledAsync(string id, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(new JobFiles(id).Cancel, ifMatch: null, cancellationToken).ConfigureAwait(false);
        lock (_lock)
            _cancels.Remove(id);
    }

    /// <summary>Whether the job has a cancellation marker. Asks the store at most once a second per job.</summary>
    public async ValueTask<bool> IsCancelledAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_cancels.TryGetValue(id, out var known) && time.GetElapsedTime(known.At) < TimeSpan.FromSeconds(1))
                return known.IsCancelled;
        }

        var at = time.GetTimestamp();
        var isCancelled = await IsMarkedCancelledAsync(id, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_cancels.Count >= KeptSpecs)
                _cancels.Clear();
            _cancels[id] = (at, isCancelled);
        }

        return isCancelled;
    }

    /// <summary>Whether the job has a cancellation marker now.</summary>
    public async Task<bool> IsMarkedCancelledAsync(string id, CancellationToken cancellationToken) =>
        await store.GetPropertiesAsync(new JobFiles(id).Cancel, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>The days with jobs, <c>yyyyMMdd</c>, oldest first.</summary>
    public IAsyncEnumerable<string> DaysAsync(CancellationToken cancellationToken) =>
        store.ListFoldersAsync(JobFiles.Root + "/", enough: null, cancellationToken).Select(folder => folder[(JobFiles.Root.Length + 1)..]);

    /// <summary>
    /// The ids of a day's jobs, oldest first. None if the day's folder cannot be read: that must not hide the other days.
    /// </summary>
    /// <param name="day">The day, <c>yyyyMMdd</c>.</param>
    /// <param name="hour">The hour, <c>HH</c>; null for all.</param>
    /// <param name="enough">If there are more, the list may end with this many; null for all.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public async Task<IReadOnlyList<string>> IdsAsync(string day, string? hour, int? enough, CancellationToken cancellationToken)
    {
        var folder = $"{JobFiles.Root}/{day}/";
        var prefix = hour is null ? folder : $"{folder}{day}-{hour}";
        List<string> ids = [];
        try
        {
            await foreach (var name in store.ListFoldersAsync(prefix, enough, cancellationToken).ConfigureAwait(false))
                ids.Add(name[folder.Length..]);
        }
        catch (ObjectStoreException exception) when (exception is ObjectDeniedException or ObjectDamagedException)
        {
            if (IsNew(folder))
                LogDayUnreadable(folder, exception.Message);
        }

        return ids;
    }

    private async Task<JobFile<T>> ReadAsync<T>(string id, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class, IJobFile
    {
        string reason;
        try
        {
            var stream = await store.OpenReadAsync(name, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false);
            if (stream is null)
                return default;
            await using (stream.ConfigureAwait(false))
            {
                var content = await JsonSerializer.DeserializeAsync(stream, type, cancellationToken).ConfigureAwait(false);
                if (content?.IsOf(id) == true)
                    return new JobFile<T>(content, Damage: null);
                reason = "it has impossible values";
            }
        }
        catch (JsonException)
        {
            reason = "it is not valid JSON of its kind";
        }
        catch (ObjectDeniedException)
        {
            reason = "this host may not read it";
        }
        catch (ObjectDamagedException)
        {
            reason = "the disk cannot read it";
        }

        var damage = $"{name[(name.LastIndexOf('/') + 1)..]} is damaged: {reason}.";
        if (IsNew(name))
            LogDamaged(id, damage);
        return new JobFile<T>(Content: null, damage);
    }

    private async Task<ObjectProperties?> WriteAsync<T>(
        string name, T value, JsonTypeInfo<T> type, PutCondition condition, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value, type), writable: false);
        return await store.PutAsync(name, content, condition, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsGone(in JobFile<JobSpec> file) => file.IsMissing || file.Content is { DeletedAt: not null };

    /// <summary>
    /// Whether a damaged file was not logged before: the dashboard lists jobs every two seconds, which must not fill the log.
    /// </summary>
    private bool IsNew(string name)
    {
        lock (_lock)
        {
            if (_damaged.Count >= KeptSpecs)
                _damaged.Clear();
            return _damaged.Add(name);
        }
    }

    [LoggerMessage(801, LogLevel.Warning, "Job {Id}: {Damage}")]
    private partial void LogDamaged(string id, string damage);

    [LoggerMessage(802, LogLevel.Warning, "The jobs in {Folder} cannot be listed or removed: {Reason}")]
    private partial void LogDayUnreadable(string folder, string reason);
}
