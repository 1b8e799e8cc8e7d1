using System.Buffers;
using System.CommandLine;
using System.IO.Pipelines;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Sources;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Local.Output;
using DicomFunctions.Local.Remote;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary>
/// Uploads by a server. Files of this machine are sent in the body of a request, up to so many at a time, each time a job of its own; the
/// server reads all other sources. The jobs run one after the other, and the records come in the order of the inputs.
/// </summary>
internal sealed class RemoteUpload(
    RemoteJobs jobs, ParseResult parsed, JobSubmission submission, bool isTable, string again, CancellationToken cancellationToken)
{
    private static readonly ResultsQuery Ndjson = new(ResultFormat.Ndjson, [], IsRaw: false);

    private readonly FailureReasons _reasons = new();
    private readonly List<string[]> _rows = [];
    private readonly bool _isQuiet = parsed.GetValue(CommonOptions.Quiet);
    private readonly bool _isVerbose = parsed.GetValue(CommonOptions.Verbose);
    private long _records;
    private bool _isWhole = true;

    public async Task<int> RunAsync(IAsyncEnumerable<UploadInput> given, LocalFiles files, FileFilter filter)
    {
        var output = Console.OpenStandardOutput();
        await using (output.ConfigureAwait(false))
        {
            using var reader = new FailureReader(Take);
            await foreach (var batch in UploadBatches.DivideAsync(given, files, cancellationToken).ConfigureAwait(false))
            {
                if (await RunAsync(batch, output, reader).ConfigureAwait(false) == ExitCode.Interrupted)
                    return ExitCode.Interrupted;
                if (submission.FailsFast && _reasons.Count > 0)
                {
                    await Console.Error.WriteLineAsync("An input has failed: whatever follows is not sent.").ConfigureAwait(false);
                    break;
                }
            }
        }

        if (isTable)
            WriteTable();
        if (!_isQuiet)
        {
            if (filter.PassedOver is { } passedOver)
                await Console.Error.WriteLineAsync(passedOver).ConfigureAwait(false);
            FailureView.Write(_reasons);
        }

        return _isWhole && _reasons.Count == 0 ? ExitCode.Ok : ExitCode.SomeFailed;
    }

    private async Task<int> RunAsync(UploadBatches.Batch batch, Stream output, FailureReader reader)
    {
        var problems = batch.Inputs.Select((input, index) => (input.Problem, index)).Where(found => found.Problem is not null)
            .ToDictionary(found => found.index, found => found.Problem!);
        var id = batch.IsSent
            ? await SendAsync(batch.Inputs, problems).ConfigureAwait(false)
            : await jobs.SubmitAsync(submission, Lines(batch.Inputs), cancellationToken).ConfigureAwait(false);
        if (id is not null)
        {
            try
            {
                await JobProgressView.FollowAsync(jobs, id, _isQuiet, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync(
                    $"The server goes on with job {id}; nothing after it is sent. To stop it: dicomfn jobs cancel {id}{again}")
                    .ConfigureAwait(false);
                return ExitCode.Interrupted;
            }

            _isWhole &= await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false) is { State: JobStatus.Completed };
        }

        await foreach (var record in RecordsAsync(batch, id, problems).ConfigureAwait(false))
        {
            _records++;
            reader.Write(record.Span);
            if (!isTable)
                await output.WriteAsync(record, cancellationToken).ConfigureAwait(false);
            else if (_rows.Count < RecordTable.MostRows)
                _rows.Add(Row(record.Span));
        }

        return ExitCode.Ok;
    }

    /// <summary>Sends files until the server has a job of all that can be read; null if none can.</summary>
    private async Task<string?> SendAsync(IReadOnlyList<UploadInput> inputs, Dictionary<int, SourceProblem> problems)
    {
        while (true)
        {
            var places = Enumerable.Range(0, inputs.Count).Where(index => !problems.ContainsKey(index)).ToList();
            if (places.Count == 0)
                return null;
            if (!_isQuiet)
                await Console.Error.WriteLineAsync($"Sending {places.Count} files to the server.").ConfigureAwait(false);
            using var content = new UploadContent([.. places.Select(place => inputs[place])], LocalFiles.Files);
            try
            {
                return await jobs.SubmitAsync(submission, content, cancellationToken).ConfigureAwait(false);
            }
            catch (CommandFailedException) when (content.Broken is not null || content.Problems.Count == places.Count)
            {
                // Nothing became of the request. The other files are sent again.
                if (content.Broken is { } broken)
                    problems[places[broken.Index]] = broken.Problem;
            }
            finally
            {
                foreach (var (index, problem) in content.Problems)
                    problems[places[index]] = problem;
            }
        }
    }

    /// <summary>The server's records of a batch, lines with their ends.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> RecordsAsync(
        UploadBatches.Batch batch, string? id, Dictionary<int, SourceProblem> problems)
    {
        var pipe = new Pipe();
        var copy = CopyAsync(id, pipe.Writer);
        var lines = LineReader.ReadAsync(pipe.Reader.AsStream(), cancellationToken);
        var records = batch.IsSent
            ? SentRecords.InOrderAsync(batch.Inputs, problems, lines)
            : lines.Select(line => (ReadOnlyMemory<byte>)(byte[])[.. line.Span, (byte)'\n']);
        await foreach (var record in records.ConfigureAwait(false))
            yield return record;
        await copy.ConfigureAwait(false);
    }

    private async Task CopyAsync(string? id, PipeWriter target)
    {
        Exception? failure = null;
        try
        {
            if (id is not null)
            {
                await jobs.CopyResultsAsync(id, RecordFilter.All, Ndjson, target.AsStream(leaveOpen: true), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            await target.CompleteAsync(failure).ConfigureAwait(false);
        }
    }

    private void Take(FailedInput failure)
    {
        _reasons.Add(failure);
        if (_isVerbose)
            Console.Error.WriteLine(FailureView.Line(failure));
    }

    private void WriteTable()
    {
        TextTable.Write(["source", "status"], _rows);
        if (_records > _rows.Count)
            Console.Out.WriteLine($"These are the first {_rows.Count} of {_records} records. For all: --output json");
    }

    private static string[] Row(ReadOnlySpan<byte> record)
    {
        using var json = System.Text.Json.JsonDocument.Parse(record.ToArray());
        return [SourceText.Of(json.RootElement.GetProperty("source").ToString()), json.RootElement.GetProperty("status").ToString()];
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(IReadOnlyList<UploadInput> inputs)
    {
        foreach (var input in inputs)
        {
            var line = new ArrayBufferWriter<byte>();
            input.WriteTo(line);
            yield return line.WrittenMemory;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
