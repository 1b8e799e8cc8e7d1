using System.Buffers;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// A job whose inputs are being written. Nothing of it counts before it is accepted; when it is dropped instead, its files are removed.
/// </summary>
internal sealed class JobDraft : IAsyncDisposable
{
    private readonly JobContext _jobs;
    private readonly InputWriter _inputs;
    private readonly bool _mayHavePatterns;
    private readonly List<string> _bodies = [];
    private readonly bool _isOthersToo;
    private bool _isWritten;
    private bool _isAccepted;
    private string? _version;

    /// <param name="jobs">Where to.</param>
    /// <param name="kind">Of the job.</param>
    /// <param name="mayHavePatterns">Whether inputs are sources that are yet to be expanded.</param>
    /// <param name="id">The job's, where it is known beforehand; a new one otherwise.</param>
    public JobDraft(JobContext jobs, JobKind kind, bool mayHavePatterns, string? id = null)
    {
        _jobs = jobs;
        _mayHavePatterns = mayHavePatterns;
        _isOthersToo = id is not null;
        Kind = kind;
        Id = id ?? jobs.NewId();
        var files = new JobFiles(Id);
        _inputs = mayHavePatterns
            ? new InputWriter(jobs.Store, files.Given, indexName: null, jobs.NewExecution(), jobs.Options.BlockSize)
            : new InputWriter(jobs.Store, files.Input, files.InputIndex, jobs.NewExecution(), jobs.Options.BlockSize);
    }

    public string Id { get; }

    public JobKind Kind { get; }

    /// <summary>Inputs written.</summary>
    public long Count => _inputs.Count;

    /// <summary>Adds an input: one JSON value, well formed.</summary>
    public ValueTask AddAsync(in ReadOnlySequence<byte> json, CancellationToken cancellationToken)
    {
        CheckCount();
        return _inputs.WriteAsync(json, cancellationToken);
    }

    /// <inheritdoc cref="AddAsync(in ReadOnlySequence{byte}, CancellationToken)"/>
    public ValueTask AddAsync(ReadOnlySpan<byte> json, CancellationToken cancellationToken)
    {
        CheckCount();
        return _inputs.WriteAsync(json, cancellationToken);
    }

    /// <summary>Keeps the bytes of a file that came with the request, and adds it as an input.</summary>
    public async Task AddBodyAsync(Stream content, CancellationToken cancellationToken)
    {
        var name = new JobFiles(Id).Body(_bodies.Count);
        _bodies.Add(name);
        await _jobs.Store.PutAsync(name, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
        var line = new ArrayBufferWriter<byte>(128);
        new UploadInput(name).WriteTo(line);
        await AddAsync(line.WrittenSpan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commits the inputs, then the spec: from then on the job is accepted.</summary>
    public async Task<JobSpec> AcceptAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        _isWritten = true;
        await _inputs.CompleteAsync(cancellationToken).ConfigureAwait(false);
        var spec = new JobSpec
        {
            Id = Id,
            Kind = Kind,
            CreatedAt = _jobs.Time.GetUtcNow(),
            BufferSize = submission.BufferSize ?? _jobs.Options.BufferSize,
            MaxWorkers = submission.MaxWorkers ?? _jobs.Options.MaxWorkers,
            Destination = submission.Destination,
            IsBase64 = submission.IsBase64,
            Collapse = submission.Collapse,
            Inputs = _mayHavePatterns ? null : _inputs.Count,
            RetryOf = submission.RetryOf,
            BaseUrl = _jobs.Server.IsRoot ? null : _jobs.Server.Address,
            ServiceRoot = _jobs.Server.IsRoot ? _jobs.Server.Address : null,
            Instance = submission.Instance,
        };
        var written = await _jobs.WriteAsync(new JobFiles(Id).Spec, spec, JobJson.Default.JobSpec, PutCondition.Always, cancellationToken)
            .ConfigureAwait(false);
        _version = written!.ETag;
        _isAccepted = true;
        _jobs.Keep(spec);
        return spec;
    }

    /// <summary>Makes the accepted job a draft again, as the engine refused it. False where somebody has resumed, or deleted, it meanwhile.</summary>
    public async Task<bool> WithdrawAsync()
    {
        _jobs.Forget(Id);
        _isAccepted = !await _jobs.Store.DeleteAsync(new JobFiles(Id).Spec, _version, CancellationToken.None).ConfigureAwait(false);
        return !_isAccepted;
    }

    public async ValueTask DisposeAsync()
    {
        _inputs.Dispose();
        // An id known beforehand may be another execution's too, which was thought dead and has accepted the job.
        if (_isAccepted || _isOthersToo || (!_isWritten && Count == 0 && _bodies.Count == 0))
            return;
        _jobs.Forget(Id);
        var files = new JobFiles(Id);
        try
        {
            // The spec comes first: it may have been written though the writing failed.
            foreach (var name in _bodies.Prepend(files.Spec).Append(files.Input).Append(files.InputIndex).Append(files.Given))
                await _jobs.Store.DeleteAsync(name, ifMatch: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectStoreException)
        {
            // Left behind without a job.json they count for nothing; the retention timer clears them.
        }
    }

    private void CheckCount()
    {
        if (_inputs.Count >= _jobs.Options.MaxInputs)
            throw new RequestTooLargeException($"A job has at most {_jobs.Options.MaxInputs} inputs.");
    }
}
