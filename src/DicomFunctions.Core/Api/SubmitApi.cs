using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Notifications;
using DicomFunctions.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace DicomFunctions.Core.Api;

/// <summary>The requests that submit jobs, and the one that converts messages without a job.</summary>
internal sealed class SubmitApi
{
    private readonly IJobService _jobs;
    private readonly ICallers _callers;
    private readonly JobOptions _limits;
    private readonly ApiOptions _options;
    private readonly TimeProvider _time;
    private int _waiters;

    public SubmitApi(
        IJobService jobs, ICallers callers, IOptions<JobOptions> limits, IOptions<ApiOptions> options, TimeProvider time)
    {
        _jobs = jobs;
        _callers = callers;
        _limits = limits.Value;
        _options = options.Value;
        _time = time;
    }

    /// <summary><c>POST /search</c>: one request dict, an array, NDJSON, or <c>{"requests":[…],"buffer_size","max_workers"}</c>.</summary>
    public Task<IResult> SearchAsync(HttpRequest request) => SubmitRequestsAsync(request, JobKind.Search);

    /// <summary>
    /// <c>POST /retrieve</c>: one request dict or path, an array, NDJSON, or
    /// <c>{"requests":[…],"retrieve_type","transfer_syntax","buffer_size","max_workers"}</c>.
    /// </summary>
    public Task<IResult> RetrieveAsync(HttpRequest request) => SubmitRequestsAsync(request, JobKind.Retrieve);

    /// <summary>
    /// <c>POST /upload</c>: <c>{"destination":{…},"input_type","inputs":[…]}</c>; or the files themselves, as <c>application/dicom</c>
    /// or <c>multipart/related</c>, with the destination in the query.
    /// </summary>
    public Task<IResult> UploadAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        var type = BodyType.Parse(request.ContentType);
        var isFiles = type.IsDicom || type.IsRelated;
        var draft = _jobs.Draft(JobKind.Upload, mayHavePatterns: !isFiles, IdempotencyKey.Of(request));
        await using (draft.ConfigureAwait(false))
        {
            IReadOnlyDictionary<string, byte[]> options = new Dictionary<string, byte[]>();
            if (!isFiles)
            {
                options = await ReadInputsAsync(request, draft, "inputs").ConfigureAwait(false);
            }
            else
            {
                // Refuses a bad destination before the client has sent gigabytes.
                JobOptionsReader.Read(JobKind.Upload, options, request.Query);
                await ReadFilesAsync(request, type, draft).ConfigureAwait(false);
            }

            return await SubmitAsync(request, draft, options).ConfigureAwait(false);
        }
    });

    /// <summary><c>POST /format</c>: converts messages to format records and returns them in the answer.</summary>
    public Task<IResult> FormatAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        RequestQuery.Allow(request);
        RefuseFiles(request);
        var cancellationToken = request.HttpContext.RequestAborted;
        var body = PipeReader.Create(LimitedStream.BodyOf(request, _options.MaxFormatBytes));
        var reader = new JsonInputReader(body, "messages", _limits.MaxInputBytes);
        var format = ResultFormats.Accepted(request, orTable: false);
        var asArray = format == ResultFormat.Json;
        var output = new ArrayBufferWriter<byte>();
        var isFirst = true;
        await foreach (var message in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            output.Raw(asArray ? isFirst ? "["u8 : ",\n"u8 : ""u8);
            isFirst = false;
            FormatRecord.Convert(output, OnOneLine(message));
            output.Raw(asArray ? ""u8 : "\n"u8);
        }

        if (asArray)
            output.Raw(isFirst ? "[]\n"u8 : "]\n"u8);
        if (reader.Options.Keys.FirstOrDefault() is { } unknown)
            throw new BadRequestException($"Unknown option '{unknown}'.", unknown);
        return Results.Bytes(output.WrittenMemory, format.ContentType());
    });

    private Task<IResult> SubmitRequestsAsync(HttpRequest request, JobKind kind) => ApiProblem.GuardAsync(request, async () =>
    {
        var draft = _jobs.Draft(kind, key: IdempotencyKey.Of(request));
        await using (draft.ConfigureAwait(false))
        {
            var options = await ReadInputsAsync(request, draft, "requests").ConfigureAwait(false);
            return await SubmitAsync(request, draft, options).ConfigureAwait(false);
        }
    });

    /// <summary>Refuses a form or a file by its type, which says more than that it is not valid JSON.</summary>
    private static void RefuseFiles(HttpRequest request)
    {
        var type = BodyType.Parse(request.ContentType);
        if (type.IsDicom || type.IsMultipart)
        {
            throw new BadRequestException(
                $"A body of {type.MediaType} is not accepted here: send JSON or NDJSON, or files to /upload as application/dicom or "
                + "multipart/related.",
                HeaderNames.ContentType);
        }
    }

    private async Task<IReadOnlyDictionary<string, byte[]>> ReadInputsAsync(HttpRequest request, JobDraft draft, string arrayKey)
    {
        RefuseFiles(request);
        var cancellationToken = request.HttpContext.RequestAborted;
        var body = PipeReader.Create(LimitedStream.BodyOf(request, _options.MaxJsonBytes));
        var reader = new JsonInputReader(body, arrayKey, _limits.MaxInputBytes);
        await foreach (var input in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            await draft.AddAsync(input, cancellationToken).ConfigureAwait(false);
        return reader.Options;
    }

    private async Task ReadFilesAsync(HttpRequest request, BodyType type, JobDraft draft)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var body = LimitedStream.BodyOf(request, _options.MaxUploadBytes);
        await using (body.ConfigureAwait(false))
        {
            if (type.IsDicom)
            {
                await draft.AddBodyAsync(body, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (type.Boundary is null)
                throw new BadRequestException("The Content-Type must have one boundary of 1 to 70 visible characters.", "boundary");
            var parts = new MultipartReader(type.Boundary, body);
            while (await parts.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is { } part)
                await draft.AddBodyAsync(part.Body, cancellationToken).ConfigureAwait(false);
            if (draft.Count == 0)
                throw new InputFormatException("The body has no parts.");
        }
    }

    private async Task<IResult> SubmitAsync(HttpRequest request, JobDraft draft, IReadOnlyDictionary<string, byte[]> options)
    {
        var submission = JobOptionsReader.Read(draft.Kind, options, request.Query) with { SubmittedBy = _callers.NameOf(request) };
        var wait = Wait(request);
        var id = await _jobs.SubmitAsync(draft, submission, request.HttpContext.RequestAborted).ConfigureAwait(false);
        if (wait > TimeSpan.Zero
            && await HasEndedAsync(id, wait, request.HttpContext.RequestAborted).ConfigureAwait(false)
            && await RecordsAsync(request, id).ConfigureAwait(false) is { } records)
        {
            return records;
        }

        var url = JobUrl.Of(request, id);
        var state = id == draft.Id ? null : await StateAsync(id, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return new AcceptedResult(new AcceptedJob(id, url, url + "/results", state));
    }

    /// <summary>Waits, unless too many requests do already: each occupies one of those that the host handles at once.</summary>
    private async Task<bool> HasEndedAsync(string id, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            return Interlocked.Increment(ref _waiters) <= _options.MaxWaiters
                && await WaitAsync(id, wait, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiters);
        }
    }

    /// <summary>The state of a job that an earlier request submitted.</summary>
    private async Task<JobStatus?> StateAsync(string id, CancellationToken cancellationToken) =>
        (await _jobs.FindAsync(id, cancellationToken).ConfigureAwait(false))?.State;

    private async Task<bool> WaitAsync(string id, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(wait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _jobs.WaitAsync(id, either.Token).ConfigureAwait(false) is { Summary: not null };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (ObjectStoreException)
        {
            // The job is accepted: an error would invite another try, which would process its inputs twice.
            return false;
        }
    }

    private async Task<IResult?> RecordsAsync(HttpRequest request, string id)
    {
        try
        {
            var format = ResultFormats.Accepted(request, orTable: false);
            return await ResultsAnswer.RecordsAsync(_jobs, id, RecordFilter.All, format, request).ConfigureAwait(false);
        }
        catch (ObjectStoreException)
        {
            // As in WaitAsync: the job is accepted.
            return null;
        }
    }

    private TimeSpan Wait(HttpRequest request)
    {
        if (!request.Query.TryGetValue("wait", out var text))
            return TimeSpan.Zero;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || !double.IsFinite(seconds))
        {
            throw new BadRequestException("wait must be a number of seconds.", "wait");
        }

        return seconds < _options.MaxWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : _options.MaxWait;
    }

    private static ReadOnlySpan<byte> OnOneLine(in ReadOnlySequence<byte> json)
    {
        var line = json.ToArray();
        foreach (ref var b in line.AsSpan())
        {
            if (b < (byte)' ')
                b = (byte)' ';
        }

        return line;
    }
}
