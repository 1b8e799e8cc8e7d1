using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs;

/// <summary>Reads and writes the small files of jobs. Specs do not change, so the latest are kept in memory.</summary>
internal sealed class JobContext(
    IObjectStore store, IOptions<JobOptions> options, IOptions<DicomWebOptions> server, TimeProvider time, Random random)
{
    private const int KeptSpecs = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobSpec> _specs = [];
    private readonly Dictionary<string, (long At, bool IsWished)> _cancels = [];

    public IObjectStore Store => store;

    public JobOptions Options => options.Value;

    public TimeProvider Time => time;

    /// <summary>Where this host sends to.</summary>
    public DicomServer Server { get; } = server.Value.Server;

    /// <summary>Names one execution's blocks.</summary>
    public uint NewExecution() => (uint)random.NextInt64(1L << 32);

    public string NewId() => JobId.Create(time.GetUtcNow(), random);

    /// <summary>The job's spec; null when there is no such job.</summary>
    public async ValueTask<JobSpec?> FindSpecAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_specs.TryGetValue(id, out var known))
                return known;
        }

        var spec = await ReadAsync(new JobFiles(id).Spec, JobJson.Default.JobSpec, cancellationToken).ConfigureAwait(false);
        if (spec is not null)
        {
            lock (_lock)
            {
                if (_specs.Count >= KeptSpecs)
                    _specs.Clear();
                _specs[id] = spec;
            }
        }

        return spec;
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
            if (_cancels.TryGetValue(id, out var known) && (known.IsWished || time.GetElapsedTime(known.At) < TimeSpan.FromSeconds(1)))
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

    public async Task<T?> ReadAsync<T>(
        string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var stream = await store.OpenReadAsync(name, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false);
        if (stream is null)
            return null;
        await using (stream.ConfigureAwait(false))
            return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken).ConfigureAwait(false);
    }

    public async Task WriteAsync<T>(
        string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value, type), writable: false);
        await store.PutAsync(name, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
    }
}
