using System.IO.Pipelines;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.PubSub;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Stow;

/// <summary>
/// STOW-RS (PS3.18 §10.5) as Cloud Healthcare does it: 200 if every instance is stored; 409 with the reasons if at least one is not.
/// Receives instances one after the other, in constant memory.
/// </summary>
internal sealed class StowHandler(IInstanceFiles files, INotificationPublisher notifications, EmulatorStatistics statistics)
{
    public async Task HandleAsync(HttpContext context, DicomStore store, string? studyUid, bool diskFull)
    {
        var items = new List<StowItem>();
        var baseUrl = $"{context.Request.Scheme}://{context.Request.Host}/v1/{store.Name.UrlPath}/dicomWeb";
        var work = new StowWork(store, studyUid, diskFull, baseUrl, items);
        var error = await ReceiveAsync(context, work).ConfigureAwait(false);
        if (error is not null)
        {
            await context.WriteErrorAsync(error).ConfigureAwait(false);
            return;
        }

        var asJson = Accepts.Of(context.Request).Any(range => range.Is("application/dicom+json"));
        var status = items.TrueForAll(item => item.Reason == 0) ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        var studyUrl = work.SingleStudyUrl;
        await context.WriteBytesAsync(
            status,
            asJson ? "application/dicom+json; charset=utf-8" : "application/dicom+xml; charset=utf-8",
            asJson ? StowResponse.Json(items, studyUrl) : StowResponse.Xml(items, studyUrl)).ConfigureAwait(false);
    }

    private async Task<GoogleError?> ReceiveAsync(HttpContext context, StowWork work)
    {
        if (!CanAnswer(context.Request))
            return GoogleError.Of(406);

        if (MediaType.Parse(context.Request.ContentType) is not { } type)
            return GoogleError.Of(415, "The request has no valid Content-Type.");

        try
        {
            if (type.Is("application/dicom"))
            {
                await ReceiveSingleAsync(context, work).ConfigureAwait(false);
                return work.Items.Count > 0 ? null : GoogleError.Invalid("The request body is empty.");
            }

            if (!type.Is("multipart/related") || !IsOfDicom(type))
                return GoogleError.Of(415, "Only application/dicom and multipart/related; type=\"application/dicom\" can be stored.");

            if (type["boundary"] is not { Length: > 0 and <= 200 } boundary)
                return GoogleError.Invalid("The multipart Content-Type has no boundary.");

            await ReceiveMultipartAsync(context, work, boundary).ConfigureAwait(false);
            return work.Items.Count > 0 ? null : GoogleError.Invalid("The multipart body has no part.");
        }
        catch (InvalidDataException exception)
        {
            return GoogleError.Invalid($"The request body is malformed: {exception.Message}.");
        }
        catch (BadHttpRequestException exception)
        {
            return GoogleError.Invalid($"The request body cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            && !context.RequestAborted.IsCancellationRequested)
        {
            return GoogleError.Of(503, "Cannot store the instance: the storage is full or unavailable.");
        }
    }

    /// <summary>Whether a multipart type has DICOM files as its parts, or does not name the type of its parts.</summary>
    private static bool IsOfDicom(MediaType type) => type["type"] is not { } root || MediaType.Parse(root)?.Is("application/dicom") == true;

    private static bool CanAnswer(HttpRequest request) =>
        !Accepts.IsGiven(request)
        || Accepts.Of(request).Any(range => range.IsAny || range.Is("application/dicom+json") || range.Is("application/dicom+xml"));

    private async Task ReceiveSingleAsync(HttpContext context, StowWork work)
    {
        await using var body = new SpooledBody(files.SpoolDirectory, context.Request.ContentLength);
        var reader = context.Request.BodyReader;
        ReadResult result;
        do
        {
            result = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            await body.WriteAsync(result.Buffer, context.RequestAborted).ConfigureAwait(false);
            reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);

        if (body.Length > 0)
            await StoreAsync(work, body, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task ReceiveMultipartAsync(HttpContext context, StowWork work, string boundary)
    {
        var parser = new MultipartParser(context.Request.BodyReader, boundary);
        while (await parser.NextPartAsync(context.RequestAborted).ConfigureAwait(false) is { } headers)
        {
            if (headers.TryGetValue("content-type", out var type)
                && MediaType.Parse(type)?.Is("application/dicom") != true)
            {
                Refuse(work, "", "", FailureReasons.CannotUnderstand, "the part is not application/dicom");
                continue;
            }

            await using var body = new SpooledBody(files.SpoolDirectory);
            await parser.ReadBodyAsync(body.WriteAsync, context.RequestAborted).ConfigureAwait(false);
            await StoreAsync(work, body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async ValueTask StoreAsync(StowWork work, SpooledBody body, CancellationToken cancellationToken)
    {
        InstanceHeader header;
        try
        {
            await body.CompleteAsync(cancellationToken).ConfigureAwait(false);
            await using var file = body.OpenRead();
            header = InstanceHeader.Read(file);
        }
        catch (DicomFormatException exception)
        {
            var reason = exception.IsTransferSyntaxUnsupported
                ? FailureReasons.TransferSyntaxNotSupported
                : FailureReasons.CannotUnderstand;
            Refuse(work, "", "", reason, exception.Message);
            return;
        }

        var (sopClass, sop) = (header.SopClassUid, header.Key.SopUid);
        var mismatch = !header.IsIdentified ? "a study, series, SOP instance or SOP class UID is missing or invalid"
            : work.StudyUid is { } study && header.Key.StudyUid != study ? "the instance belongs to another study than the request's"
            : null;
        if (mismatch is not null)
            Refuse(work, sopClass, sop, FailureReasons.DataSetMismatch, mismatch);
        else
            await AddAsync(work, header, body, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask AddAsync(StowWork work, InstanceHeader header, SpooledBody body, CancellationToken cancellationToken)
    {
        if (work.DiskFull)
            throw new IOException("No space left on device");

        var length = body.Length;
        var outcome = await work.Store.AddAsync(header, body, cancellationToken).ConfigureAwait(false);
        if (outcome == AddOutcome.Conflict)
        {
            Refuse(work, header.SopClassUid, header.Key.SopUid, FailureReasons.ProcessingFailure, "already exists");
            return;
        }

        var of = statistics.ForStore(work.Store.Name.Path);
        if (outcome == AddOutcome.Stored)
        {
            statistics.CountStored(length);
            of.CountStored(length);
            notifications.Publish(work.Store.Name, StoreEvent.Stored(header));
        }
        else
        {
            statistics.CountAlreadyStored();
            of.CountAlreadyStored();
        }

        work.Studies.Add(header.Key.StudyUid);
        work.Items.Add(new StowItem(header.SopClassUid, header.Key.SopUid)
        {
            RetrieveUrl = $"{work.BaseUrl}/studies/{header.Key.StudyUid}/series/{header.Key.SeriesUid}/instances/{header.Key.SopUid}",
        });
    }

    private void Refuse(StowWork work, string sopClass, string sop, ushort reason, string detail)
    {
        statistics.CountRefused();
        statistics.ForStore(work.Store.Name.Path).CountRefused();
        work.Items.Add(new StowItem(sopClass, sop) { Reason = reason, Detail = detail });
    }

    private sealed record StowWork(DicomStore Store, string? StudyUid, bool DiskFull, string BaseUrl, List<StowItem> Items)
    {
        public HashSet<string> Studies { get; } = new(StringComparer.Ordinal);

        public string? SingleStudyUrl => Studies.Count == 1 ? $"{BaseUrl}/studies/{Studies.First()}" : null;
    }
}
