using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs;

/// <summary>Reads and writes the small files of jobs. What activities need of specs does not change, so the latest are kept in memory.</summary>
internal sealed partial class JobContext(
    IObjectStore store,
    IOptions<JobOptions> options,
    IOptions<DicomWebOptions> server,
    TimeProvider time,
    Random random,
    ILogger<JobContext> logger)
{
    private const int KeptSpecs = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobSpec> _specs = [];
    private readonly Dictionary<string, (long At, bool IsWished)> _cancels = [];
    private readonly HashSet<string> _damaged = [];

    public IObjectStore Store => store;

    public JobOptions Options => options.Value;

    public TimeProvider Time => time;

    /// <summary>Where this host sends to.</summary>
    public DicomServer Server { get; } = server.Value.Server;

    /// <summary>Names one execution's blocks.</summary>
    public uint NewExecution() => (uint)random.NextInt64(1L << 32);

    public string NewId() => JobId.Create(time.GetUtcNow(), random);

    /// <summary>The job's <c>job.json</c>, read afresh: it may have become a tombstone by another's hand.</summary>
    public async Task<JobFile<JobSpec>> ReadSpecAsync(string id, CancellationToken cancellationToken)
    {
        var file = await ReadAsync(id, new JobFiles(id).Spec, JobJson.Default.JobSpec, cancellationToken).ConfigureAwait(false);
        if (IsGone(file))
            Forget(id);
        else if (file.Content is { } spec)
            Keep(spec);
        return file;
    }

    /// <summary>Whether there is no such job, or it is deleted. Read afresh.</summary>
    public async Task<bool> IsGoneAsync(string id, CancellationToken cancellationToken) =>
        IsGone(await ReadSpecAsync(id, cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// The job's spec, for its activities, as it was when it was last read: what they need of it does not change. Null when there is no
    /// such job.
    /// </summary>
    /// <exception cref="ObjectDamagedException">It cannot be read.</exception>
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

    /// <summary>The job's spec, for an activity: it must be there.</summary>
    public async ValueTask<JobSpec> GetSpecAsync(string id, CancellationToken cancellationToken) =>
        await FindSpecAsync(id, cancellationToken).ConfigureAwait(false)
        ?? throw new ObjectStoreException($"The job {id} has no job.json.");

    /// <summary>Why this host sends nothing of a job, and what to do; null: it may.</summary>
    public string? WhyNotHere(JobSpec spec) => spec.IsFor(Server) ? null
        : $"The job is for {(object?)spec.AcceptedFor ?? spec.Server}, and this host sends to {Server}: nothing was sent. " + (spec.IsOfDrop
            ? "Its files that are still in drop/incoming become another job, for this host's server."
            : "Resume it on a host set up for its server, or submit its inputs here as a new job.");

    /// <summary>Forgets what is kept of a job.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            _specs.Remove(id);
            _cancels.Remove(id);
        }
    }

    /// <summary>Whether the job is wished to stop. Asked of the store at most once a second and job.</summary>
    public async ValueTask<bool> IsCancelledAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_cancels.TryGetValue(id, out var known) && time.GetElapsedTime(known.At) < TimeSpan.FromSeconds(1))
                return known.IsWished;
        }

        var at = time.GetTimestamp();
        var marker = await store.GetPropertiesAsync(new JobFiles(id).Cancel, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_cancels.Count >= KeptSpecs)
                _cancels.Clear();
            _cancels[id] = (at, marker is not null);
        }

        return marker is not null;
    }

    /// <summary>The days that have jobs, oldest first.</summary>
    public IAsyncEnumerable<string> DaysAsync(CancellationToken cancellationToken) =>
        store.ListFoldersAsync(JobFiles.Root, cancellationToken).Select(folder => folder[(JobFiles.Root.Length + 1)..]);

    /// <summary>The ids of a day's jobs, oldest first. None where the day's folder cannot be read: the other days' can.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(string day, CancellationToken cancellationToken)
    {
        var folder = $"{JobFiles.Root}/{day}";
        List<string> ids = [];
        try
        {
            await foreach (var name in store.ListFoldersAsync(folder, cancellationToken).ConfigureAwait(false))
                ids.Add(name[(folder.Length + 1)..]);
        }
        catch (ObjectStoreException exception) when (exception is ObjectDeniedException or ObjectDamagedException)
        {
            if (IsNew(folder))
                LogDayUnreadable(folder, exception.Message);
        }

        return ids;
    }

    /// <summary>Reads one of a job's small files.</summary>
    public async Task<JobFile<T>> ReadAsync<T>(string id, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
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

    /// <summary>Writes one of a job's small files, whatever is there.</summary>
    public Task WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync(name, value, type, PutCondition.Always, cancellationToken);

    /// <summary>Writes one of a job's small files. Null where the condition was not met.</summary>
    public async Task<ObjectProperties?> WriteAsync<T>(
        string name, T value, JsonTypeInfo<T> type, PutCondition condition, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value, type), writable: false);
        return await store.PutAsync(name, content, condition, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsGone(in JobFile<JobSpec> file) => file.IsMissing || file.Content is { DeletedAt: not null };

    /// <summary>Keeps a spec for the activities of this process, which need not read it then.</summary>
    public void Keep(JobSpec spec)
    {
        lock (_lock)
        {
            if (_specs.Count >= KeptSpecs)
                _specs.Clear();
            _specs[spec.Id] = spec;
        }
    }

    /// <summary>Whether a damaged file has not been told of yet: a list that is asked for every two seconds must not fill the log.</summary>
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

    [LoggerMessage(802, LogLevel.Warning, "The jobs in {Folder} are neither listed nor removed: {Reason}")]
    private partial void LogDayUnreadable(string folder, string reason);
}
