using System.Buffers;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>Writes the record of an upload: <c>{"source":…,"success":…,"status":…,"instance":{…},…}</c>.</summary>
internal static class UploadRecord
{
    /// <summary>What the record of an upload, by a job or not, has as its <c>kind</c>.</summary>
    public static ReadOnlySpan<byte> Kind => "upload"u8;

    /// <param name="output">The buffer to write to.</param>
    /// <param name="source">The source's reference, which a failed record also has as its <c>input</c>.</param>
    /// <param name="header">The file's identifiers, as far as they could be read.</param>
    /// <param name="outcome">The outcome of the upload.</param>
    /// <param name="extras">Attempts and times.</param>
    public static void Write(
        IBufferWriter<byte> output, string source, Part10Header? header, StowOutcome outcome, in RecordExtras extras)
    {
        output.Raw("{\"source\":"u8);
        output.Text(source);
        output.Raw(outcome.Success ? ",\"success\":true"u8 : ",\"success\":false"u8);
        output.Status(outcome.Status);
        if (outcome.AlreadyStored)
            output.Raw(",\"already_stored\":true"u8);
        if (header is { StudyInstanceUid: not null } or { SeriesInstanceUid: not null } or { SopInstanceUid: not null })
        {
            output.Raw(",\"instance\":{\"study_instance_uid\":"u8);
            output.TextOrNull(header.StudyInstanceUid);
            output.Key("series_instance_uid"u8);
            output.TextOrNull(header.SeriesInstanceUid);
            output.Key("sop_instance_uid"u8);
            output.TextOrNull(header.SopInstanceUid);
            output.Raw("}"u8);
        }

        output.Property("retrieve_url"u8, outcome.RetrieveUrl);
        if (!outcome.Success)
        {
            output.Property("input"u8, source);
            WriteError(output, outcome);
        }

        extras.WriteTo(output, Kind);
        output.Raw("}\n"u8);
    }

    private static void WriteError(IBufferWriter<byte> output, StowOutcome outcome)
    {
        output.Raw(",\"error\":{\"code\":"u8);
        output.Text(outcome.FailureCode!);
        if (outcome.Error?.FailureReason is { } reason)
            output.Property("failure_reason"u8, reason);
        output.Property("reason"u8, outcome.Error?.Reason ?? outcome.Status.ToString());
        output.Property("message"u8, outcome.Error?.Message);
        output.Raw("}"u8);
    }

    private static void TextOrNull(this IBufferWriter<byte> output, string? value)
    {
        if (value is null)
            output.Raw("null"u8);
        else
            output.Text(value);
    }
}
