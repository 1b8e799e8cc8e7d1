using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Qido;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Wado;

/// <summary>
/// WADO-RS retrieval (PS3.18 §10.4) of what a path names. Instances are sent as they were stored: nothing is transcoded, so a transfer
/// syntax that is asked for by name must be the one of the file.
/// </summary>
internal static class RetrieveHandler
{
    /// <summary>One instance alone, or a multipart body of all there are.</summary>
    public static async Task InstancesAsync(HttpContext context, IReadOnlyList<InstanceEntry> instances, bool one)
    {
        if (instances.Count == 0)
        {
            await context.WriteErrorAsync(GoogleError.NotFound("The study, series or instance does not exist.")).ConfigureAwait(false);
            return;
        }

        switch (FormatOf(context.Request, instances, one))
        {
            case RetrieveFormat.Single:
                await SingleAsync(context, instances[0]).ConfigureAwait(false);
                break;
            case RetrieveFormat.Multipart:
                await MultipartAsync(context, instances).ConfigureAwait(false);
                break;
            default:
                await context.WriteErrorAsync(GoogleError.Of(406)).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>All attributes but bulk data, one object for each instance.</summary>
    public static async Task MetadataAsync(HttpContext context, IReadOnlyList<InstanceEntry> instances)
    {
        if (!Accepts.DicomJson(context.Request))
        {
            await context.WriteErrorAsync(GoogleError.Of(406)).ConfigureAwait(false);
        }
        else if (instances.Count == 0)
        {
            await context.WriteErrorAsync(GoogleError.NotFound("The study, series or instance does not exist.")).ConfigureAwait(false);
        }
        else
        {
            var rows = instances.Select(instance => (ReadOnlyMemory<byte>)IncludedFields.Metadata(instance)).Where(row => !row.IsEmpty);
            await RowStream.WriteAsync(context, rows).ConfigureAwait(false);
        }
    }

    private static RetrieveFormat FormatOf(HttpRequest request, IReadOnlyList<InstanceEntry> instances, bool one)
    {
        if (!Accepts.IsGiven(request))
            return one ? RetrieveFormat.Single : RetrieveFormat.Multipart;

        foreach (var range in Accepts.Of(request))
        {
            var syntax = range["transfer-syntax"];
            var fits = syntax is null or "*" || instances.All(instance => instance.TransferSyntaxUid == syntax);
            if (fits && range.IsAny)
                return one ? RetrieveFormat.Single : RetrieveFormat.Multipart;

            if (fits && one && range.Is("application/dicom"))
                return RetrieveFormat.Single;

            if (fits && range.Is("multipart/related") && range["type"] is null or "application/dicom")
                return RetrieveFormat.Multipart;
        }

        return RetrieveFormat.None;
    }

    private static async Task SingleAsync(HttpContext context, InstanceEntry instance)
    {
        await using var file = Open(instance);
        if (file is null)
        {
            await context.WriteErrorAsync(GoogleError.NotFound("The study, series or instance does not exist.")).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = $"application/dicom; transfer-syntax={instance.TransferSyntaxUid}";
        context.Response.ContentLength = file.Length;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task MultipartAsync(HttpContext context, IReadOnlyList<InstanceEntry> instances)
    {
        // Random, so that no file can have it in it.
        var boundary = RandomNumberGenerator.GetHexString(32);
        context.Response.ContentType = $"multipart/related; type=\"application/dicom\"; boundary={boundary}";
        var body = context.Response.Body;
        foreach (var instance in instances)
        {
            await using var file = Open(instance);
            if (file is null)
                continue;

            var head = $"--{boundary}\r\nContent-Type: application/dicom; transfer-syntax={instance.TransferSyntaxUid}\r\n\r\n";
            await body.WriteAsync(Encoding.ASCII.GetBytes(head), context.RequestAborted).ConfigureAwait(false);
            await file.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            await body.WriteAsync("\r\n"u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
        }

        await body.WriteAsync(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"), context.RequestAborted).ConfigureAwait(false);
    }

    private static Stream? Open(InstanceEntry instance)
    {
        try
        {
            return instance.Content.OpenRead();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted a moment ago.
            return null;
        }
    }

    private enum RetrieveFormat
    {
        None,
        Single,
        Multipart,
    }
}
