using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Qido;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Wado;

/// <summary>WADO-RS (PS3.18 §10.4): sends the instances of a study, a series or an instance, or their metadata.</summary>
internal static class RetrieveHandler
{
    /// <summary>
    /// Answers 200 with an instance alone or a multipart body of all instances, part by part in constant memory; 404 if there are none, 406
    /// if one of them is not available in an acceptable form.
    /// </summary>
    public static async Task InstancesAsync(
        HttpContext context, DicomStore store, IReadOnlyList<InstanceEntry> instances, bool isOne, FaultOptions faults)
    {
        if (instances.Count == 0)
        {
            await context.WriteErrorAsync(NotFound()).ConfigureAwait(false);
            return;
        }

        if (RetrieveNegotiation.Choose(context.Request, instances, isOne) is not { } format)
        {
            await context.WriteErrorAsync(GoogleError.Of(406)).ConfigureAwait(false);
            return;
        }

        var sent = FaultyInstances.Of(instances, store, faults);
        if (sent.Count == 0)
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else if (format.IsMultipart)
            await MultipartAsync(context, sent, format, faults.EndAfterParts).ConfigureAwait(false);
        else
            await SingleAsync(context, sent[0], format).ConfigureAwait(false);
    }

    /// <summary>
    /// Answers 200 with a JSON array of one data set for each instance, with all attributes but bulk data, one by one in constant memory;
    /// 404 if there are none, 406 if the client does not accept DICOM JSON.
    /// </summary>
    public static Task MetadataAsync(HttpContext context, DicomStore store, IReadOnlyList<InstanceEntry> instances, FaultOptions faults)
    {
        if (!Accepts.DicomJson(context.Request))
            return context.WriteErrorAsync(GoogleError.Of(406));

        if (instances.Count == 0)
            return context.WriteErrorAsync(NotFound());

        var rows = FaultyInstances.Of(instances, store, faults)
            .Select(instance => (ReadOnlyMemory<byte>)IncludedFields.Metadata(instance)).Where(row => !row.IsEmpty);
        return RowStream.WriteAsync(context, rows);
    }

    private static GoogleError NotFound() => GoogleError.NotFound("The study, series or instance does not exist.");

    private static async Task SingleAsync(HttpContext context, InstanceEntry instance, RetrieveFormat format)
    {
        await using var file = Open(instance);
        if (file is null)
        {
            await context.WriteErrorAsync(NotFound()).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = ContentType(instance, format);
        if (!IsTranscoded(instance, format))
            context.Response.ContentLength = file.Length;
        await WriteAsync(context, instance, file, format).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends all instances. With <paramref name="endAfter"/>, the body ends in the middle of the part after that many, or without its
    /// closing delimiter if there is none.
    /// </summary>
    private static async Task MultipartAsync(
        HttpContext context, IReadOnlyList<InstanceEntry> instances, RetrieveFormat format, int? endAfter)
    {
        // Random, so that no file can contain it.
        var boundary = RandomNumberGenerator.GetHexString(32);
        context.Response.ContentType = $"multipart/related; type=\"application/dicom\"; boundary={boundary}";
        var parts = 0;
        foreach (var instance in instances)
        {
            await using var file = Open(instance);
            if (file is null)
                continue;

            await WriteAsync(context, $"--{boundary}\r\nContent-Type: {ContentType(instance, format)}\r\n\r\n").ConfigureAwait(false);
            if (parts++ == endAfter)
            {
                await WriteHalfAsync(context, file).ConfigureAwait(false);
                return;
            }

            await WriteAsync(context, instance, file, format).ConfigureAwait(false);
            await WriteAsync(context, "\r\n").ConfigureAwait(false);
        }

        if (endAfter is null)
            await WriteAsync(context, $"--{boundary}--\r\n").ConfigureAwait(false);
    }

    private static bool IsTranscoded(InstanceEntry instance, RetrieveFormat format) =>
        format.TransferSyntaxUid == TransferSyntax.ExplicitLittleEndian && ExplicitVrTranscoder.CanRead(instance.TransferSyntaxUid);

    private static string ContentType(InstanceEntry instance, RetrieveFormat format)
    {
        var syntax = IsTranscoded(instance, format) ? TransferSyntax.ExplicitLittleEndian : instance.TransferSyntaxUid;
        return $"application/dicom; transfer-syntax={syntax}";
    }

    private static Task WriteAsync(HttpContext context, InstanceEntry instance, Stream file, RetrieveFormat format) =>
        IsTranscoded(instance, format)
            ? ExplicitVrTranscoder.WriteAsync(file, context.Response.BodyWriter, context.RequestAborted)
            : file.CopyToAsync(context.Response.Body, context.RequestAborted);

    private static Task WriteAsync(HttpContext context, string text) =>
        context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(text), context.RequestAborted).AsTask();

    private static async Task WriteHalfAsync(HttpContext context, Stream file)
    {
        var buffer = new byte[32 * 1024];
        for (var left = file.Length / 2; left > 0;)
        {
            var block = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
            await file.ReadExactlyAsync(block, context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.WriteAsync(block, context.RequestAborted).ConfigureAwait(false);
            left -= block.Length;
        }
    }

    private static Stream? Open(InstanceEntry instance)
    {
        try
        {
            return instance.Content.OpenRead();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted since it was looked up.
            return null;
        }
    }
}
