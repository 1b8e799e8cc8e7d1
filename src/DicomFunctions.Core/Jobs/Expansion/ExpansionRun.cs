using System.Buffers;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Expansion;

/// <summary>One run of the expansion of a job's sources, until all are expanded, the time is up, or the host stops.</summary>
/// <remarks>
/// What the sources as submitted stand for becomes inputs at once, except for patterns that a pattern has found: they are put aside and
/// expanded last, so that a search of another server ends before its long listing of what it found begins. Once the job is cancelled,
/// patterns become inputs as they are: nobody attempts them, and a retry expands them.
/// </remarks>
internal sealed class ExpansionRun : IDisposable
{
    private static readonly SourceProblem NoMatch = new(FailureCode.NoMatch, "Nothing matches the pattern.");

    private static readonly SourceProblem Cancelled =
        new(FailureCode.Unavailable, "The job was cancelled before this was expanded.");

    private readonly JobSpec _spec;
    private readonly JobFiles _files;
    private readonly IObjectStore _store;
    private readonly SourceCatalog _sources;
    private readonly JobOptions _options;
    private readonly RunLimit _limit;
    private readonly CancelWatch _cancel;
    private readonly uint _execution;
    private readonly InputWriter _inputs;
    private readonly InputWriter _found;
    private readonly ArrayBufferWriter<byte> _line = new();
    private ExpansionCursor _at;

    public ExpansionRun(
        JobSpec spec,
        ExpansionCursor from,
        IObjectStore store,
        SourceCatalog sources,
        JobOptions options,
        RunLimit limit,
        CancelWatch cancel,
        uint execution)
    {
        (_spec, _at, _store, _sources, _options) = (spec, from, store, sources, options);
        (_limit, _cancel, _execution, _files) = (limit, cancel, execution, new JobFiles(spec.Id));
        _inputs = new InputWriter(
            store, _files.Input, _files.InputIndex, execution, options.BlockSize, from.Runs, (from.Inputs, from.Bytes));
        _found = new InputWriter(store, _files.Found(from.Runs, execution), indexName: null, execution, options.BlockSize);
    }

    /// <summary>Expands, and returns where the next run continues. If this is the only run, the inputs are committed.</summary>
    public async Task<ExpansionCursor> RunAsync(CancellationToken cancellationToken)
    {
        var from = _at;
        try
        {
            await WorkAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !ReferenceEquals(_at, from))
        {
            // A host that stops still hands on what it has done.
        }

        await KeepFoundAsync().ConfigureAwait(false);
        _at = _at with { Inputs = _inputs.Count, Bytes = _inputs.BytesWritten, Runs = from.Runs + 1 };
        if (_at is { IsWhole: true, Runs: 1 })
        {
            await _inputs.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            var (lines, index) = await _inputs.StageAsync(isEnd: _at.IsWhole, CancellationToken.None).ConfigureAwait(false);
            _at = _at with { Staged = [.. _at.Staged, [_execution, lines, index]] };
        }

        return _at;
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _found.Dispose();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (!_at.IsWhole)
        {
            var name = _at.File == 0 ? _files.Given : _at.Found[_at.File - 1];
            var content = await _store.OpenReadAsync(name, new ObjectRange(_at.Offset, null), ifMatch: null, cancellationToken)
                .ConfigureAwait(false) ?? throw new ObjectDamagedException($"{name[(_files.Prefix.Length)..]} is missing.");
            await using (content.ConfigureAwait(false))
            {
                await foreach (var json in LineReader.ReadAsync(content, cancellationToken).ConfigureAwait(false))
                {
                    _limit.Begin();
                    var end = _at.Offset + json.Length + 1;
                    if (!await ExpandAsync(UploadInput.Parse(json.Span), cancellationToken).ConfigureAwait(false))
                        return;
                    _at = _at with { Offset = end, Page = null, HasAny = false };
                    if (IsOver())
                        return;
                }
            }

            await KeepFoundAsync().ConfigureAwait(false);
            _at = _at.File < _at.Found.Count ? _at with { File = _at.File + 1, Offset = 0 } : _at with { IsWhole = true };
        }
    }

    /// <summary>Writes the sources that one line stands for. False if the run ends before all are written.</summary>
    private async ValueTask<bool> ExpandAsync(UploadInput input, CancellationToken cancellationToken)
    {
        if (input.Problem is null && _spec.IsBase64)
            input = await KeepAsync(input.Source, cancellationToken).ConfigureAwait(false);
        else if (input is { Problem: null, IsLiteral: false } && _sources.IsPattern(input.Source))
            return await ExpandPatternAsync(input, cancellationToken).ConfigureAwait(false);
        return await WriteAsync(input with { IsLiteral = false }).ConfigureAwait(false);
    }

    private async ValueTask<bool> ExpandPatternAsync(UploadInput input, CancellationToken cancellationToken)
    {
        try
        {
            if (!await _cancel.IsCancelledAsync(cancellationToken).ConfigureAwait(false)
                && !await ExpandPagesAsync(input, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
        catch (OperationCanceledException) when (_cancel.IsCancelled && !cancellationToken.IsCancellationRequested)
        {
            // What the pattern brought so far is written.
        }

        return _cancel.IsCancelled ? await WriteAsync(input with { Problem = Cancelled }).ConfigureAwait(false)
            : _at.HasAny || await WriteAsync(input with { Problem = NoMatch }).ConfigureAwait(false);
    }

    private async ValueTask<bool> ExpandPagesAsync(UploadInput input, CancellationToken cancellationToken)
    {
        await foreach (var page in _sources.ExpandAsync(input.Source, _at.Page, _cancel.Token).ConfigureAwait(false))
        {
            foreach (var item in page.Items)
            {
                var source = input with { Source = item.Reference, Problem = item.Problem };
                // A pattern that comes of one that was put aside is not put aside again, or it might never end.
                if (item is { IsPattern: true, Problem: null } && _at.File == 0)
                    await WriteAsync(_found, source).ConfigureAwait(false);
                else if (!await WriteAsync(source).ConfigureAwait(false))
                    return false;
            }

            _at = _at with { Page = page.Next, HasAny = _at.HasAny || page.Items.Count > 0 };
            if (page.Next is null || await _cancel.IsCancelledAsync(cancellationToken).ConfigureAwait(false))
                break;
            if (IsOver())
                return false;
        }

        return true;
    }

    /// <summary>Writes an input. False if the job can take no more, so that the expansion ends.</summary>
    private async ValueTask<bool> WriteAsync(UploadInput input)
    {
        var isFull = _inputs.Count >= _options.MaxInputs;
        if (isFull)
        {
            var problem = new SourceProblem(
                FailureCode.TooMany, $"The job has {_options.MaxInputs} inputs, the most possible. Upload the rest by another job.");
            input = input with { Problem = problem };
        }

        await WriteAsync(_inputs, input).ConfigureAwait(false);
        if (isFull)
            _at = _at with { IsWhole = true };
        return !isFull;
    }

    /// <summary>A line begun is written, whatever happens: the cursor does not count parts of pages.</summary>
    private async ValueTask WriteAsync(InputWriter output, UploadInput input)
    {
        _line.ResetWrittenCount();
        input.WriteTo(_line);
        await output.WriteAsync(_line.WrittenSpan, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Commits the patterns put aside in this run, if any.</summary>
    private async ValueTask KeepFoundAsync()
    {
        var name = _files.Found(_at.Runs, _execution);
        if (_found.Count == 0 || _at.Found.Contains(name))
            return;
        await _found.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        _at = _at with { Found = [.. _at.Found, name] };
    }

    private bool IsOver()
    {
        _limit.EndBatch();
        return _limit.IsReached;
    }

    /// <summary>Stores the file of an input in base64 with the job.</summary>
    private async ValueTask<UploadInput> KeepAsync(string base64, CancellationToken cancellationToken)
    {
        var name = _files.Body((int)_inputs.Count);
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return new UploadInput(base64, Problem: new SourceProblem(FailureCode.BadReference, "The input is not base64."));
        using var content = new MemoryStream(bytes, 0, length, writable: false);
        await _store.PutAsync(name, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
        return new UploadInput(name);
    }
}
