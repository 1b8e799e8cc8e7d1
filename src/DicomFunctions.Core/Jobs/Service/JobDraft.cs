using System.Buffers;
using System.Text.Json;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// A job whose inputs are being written. It does not exist until it is accepted; if it is disposed before, its files are removed.
/// </summary>
internal sealed class JobDraft : IAsyncDisposable
{
    private readonly JobDrafts _drafts;
    private readonly IObjectStore _store;
    private readonly JobStore _jobStore;
    private readonly InputWriter _inputs;
    private readonly JobFiles _files;
    private readonly bool _mayHavePatterns;
    private readonly bool _isShared;
    private readonly string? _keyHash;
    private readonly SubmissionHash? _hash;
    private readonly List<string> _bodies = [];
    private bool _isWritten;
    private bool _isAccepted;
    private string? _version;

    internal JobDraft(
        JobDrafts drafts,
        IObjectStore store,
        JobStore jobStore,
        InputWriter inputs,
        JobFiles files,
        JobKind kind,
        bool mayHavePatterns,
        bool isShared,
        string? keyHash)
    {
        _drafts = drafts;
        _store = store;
        _jobStore = jobStore;
        _inputs = inputs;
        _files = files;
        _mayHavePatterns = mayHavePatterns;
        _isShared = isShared;
        _keyHash = keyHash;
        _hash = keyHash is null ? null : new SubmissionHash();
        Kind = kind;
    }

    /// <summary>The id the job will have.</summary>
    public string Id => _files.Id;

    public JobKind Kind { get; }

    /// <summary>Number of inputs written so far.</summary>
    public long Count => _inputs.Count;

    /// <summary>Adds an input.</summary>
    /// <param name="json">One well-formed JSON value.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <exception cref="RequestTooLargeException">The job has <see cref="JobOptions.MaxInputs"/> inputs already.</exception>
    public ValueTask AddAsync(in ReadOnlySequence<byte> json, CancellationToken cancellationToken)
    {
        _drafts.CheckCount(Count);
        _hash?.AddInput(json);
        return _inputs.WriteAsync(json, cancellationToken);
    }

    /// <inheritdoc cref="AddAsync(in ReadOnlySequence{byte}, CancellationToken)"/>
    public ValueTask AddAsync(ReadOnlySpan<byte> json, CancellationToken cancellationToken)
    {
        _drafts.CheckCount(Count);
        _hash?.AddInput(json);
        return _inputs.WriteAsync(json, cancellationToken);
    }

    /// <summary>Stores a file of the request with the job, and adds it as an input of an upload.</summary>
    /// <param name="content">The file.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <exception cref="RequestTooLargeException">The job has <see cref="JobOptions.MaxInputs"/> inputs already.</exception>
    public async Task AddBodyAsync(Stream content, CancellationToken cancellationToken)
    {
        _drafts.CheckCount(Count);
        var name = _files.Body(_bodies.Count);
        _bodies.Add(name);
        await PutAsync(name, content, cancellationToken).ConfigureAwait(false);
        var line = new ArrayBufferWriter<byte>(128);
        new UploadInput(name).WriteTo(line);
        await _inputs.WriteAsync(line.WrittenSpan, cancellationToken).ConfigureAwait(false);
    }

    private async Task PutAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        if (_hash is null)
        {
            await _store.PutAsync(name, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
            return;
        }

        var hashed = _hash.AddFile(content);
        await using (hashed.ConfigureAwait(false))
            await _store.PutAsync(name, hashed, PutCondition.Always, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commits the inputs, then <c>job.json</c>, which makes it a job.</summary>
    internal async Task<JobSpec> AcceptAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        _isWritten = true;
        await _inputs.CompleteAsync(cancellationToken).ConfigureAwait(false);
        var spec = _drafts.ToSpec(Id, Kind, _mayHavePatterns ? null : Count, submission) with
        {
            KeyHash = _keyHash,
            BodyHash = _hash?.Complete(JsonSerializer.SerializeToUtf8Bytes(submission, SubmissionJson.Default.JobSubmission)),
        };
        _version = (await _jobStore.WriteSpecAsync(spec, PutCondition.Always, cancellationToken).ConfigureAwait(false))!.ETag;
        _isAccepted = true;
        _jobStore.Keep(spec);
        return spec;
    }

    /// <summary>
    /// Makes an accepted job a draft again because the engine refused it. False if it was resumed or deleted in the meantime.
    /// </summary>
    internal async Task<bool> WithdrawAsync()
    {
        _jobStore.Forget(Id);
        _isAccepted = !await _store.DeleteAsync(_files.Spec, _version, CancellationToken.None).ConfigureAwait(false);
        return !_isAccepted;
    }

    /// <summary>
    /// Writes <c>job.json</c> again, so that whoever has found reason to remove it before can no longer. False if it is gone.
    /// </summary>
    internal async Task<bool> ConfirmAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var written = await _jobStore.WriteSpecAsync(spec, PutCondition.WhenUnchanged(_version!), cancellationToken).ConfigureAwait(false);
        _version = written?.ETag ?? _version;
        return written is not null;
    }

    public async ValueTask DisposeAsync()
    {
        _inputs.Dispose();
        _hash?.Dispose();
        // Another execution with the same id, thought dead, may have accepted the job.
        if (_isAccepted || _isShared || (!_isWritten && Count == 0 && _bodies.Count == 0))
            return;
        _jobStore.Forget(Id);
        try
        {
            // job.json first: it may be there although writing it failed.
            foreach (var name in _bodies.Prepend(_files.Spec).Append(_files.Input).Append(_files.InputIndex).Append(_files.Given))
                await _store.DeleteAsync(name, ifMatch: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectStoreException)
        {
            // Without job.json the files are no job; retention removes them.
        }
    }
}
