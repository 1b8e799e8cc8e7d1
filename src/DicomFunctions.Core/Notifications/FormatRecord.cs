using System.Buffers;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.Notifications;

/// <summary>Writes the record of a conversion: <c>{"input":…,"result":{…},"success":…}</c>.</summary>
internal static class FormatRecord
{
    /// <summary>What the record of a message that became no request of a job has as its <c>kind</c>.</summary>
    public static ReadOnlySpan<byte> Kind => "format"u8;

    /// <summary>Converts one message and writes its record, without a line break. Returns whether the message could be converted.</summary>
    /// <param name="output">The buffer to write to.</param>
    /// <param name="input">The message's JSON, as given, on one line.</param>
    public static bool Convert(IBufferWriter<byte> output, ReadOnlySpan<byte> input)
    {
        var message = PubSubMessageReader.Read(input);
        output.Raw("{\"input\":"u8);
        output.Raw(input);
        output.Raw(",\"result\":"u8);
        if (FormatToQido.TryFormat(message, out var instance, out var problem))
        {
            WriteRequest(output, instance);
            output.Raw(",\"success\":true"u8);
        }
        else
        {
            output.Raw("{},\"success\":false"u8);
            WriteError(output, problem);
        }

        new RecordExtras { MessageId = message.MessageId, PublishTime = message.PublishTime }.WriteTo(output, Kind);
        output.Raw("}"u8);
        return instance is not null;
    }

    /// <summary>The search request dict for an instance.</summary>
    public static void WriteRequest(IBufferWriter<byte> output, DicomInstancePath instance) =>
        WriteRequest(output, instance, ",\"search_type\":\"instances\""u8);

    /// <summary>The retrieve request dict for an instance.</summary>
    public static void WriteRequest(IBufferWriter<byte> output, DicomInstancePath instance, RetrieveType type) => WriteRequest(
        output, instance, type == RetrieveType.Metadata ? ",\"retrieve_type\":\"metadata\""u8 : ",\"retrieve_type\":\"instances\""u8);

    private static void WriteRequest(IBufferWriter<byte> output, DicomInstancePath instance, ReadOnlySpan<byte> type)
    {
        output.Raw("{\"project_id\":"u8);
        output.Text(instance.Store.ProjectId);
        output.Property("region"u8, instance.Store.Region);
        output.Property("dataset_id"u8, instance.Store.DatasetId);
        output.Property("dicom_store_id"u8, instance.Store.DicomStoreId);
        output.Raw(type);
        output.Raw(",\"params\":{\"StudyInstanceUID\":"u8);
        output.Text(instance.StudyInstanceUid);
        output.Property("SeriesInstanceUID"u8, instance.SeriesInstanceUid);
        output.Property("SOPInstanceUID"u8, instance.SopInstanceUid);
        output.Raw("}}"u8);
    }

    /// <summary><c>,"error":{"code","message"}</c>.</summary>
    public static void WriteError(IBufferWriter<byte> output, DicomPathProblem problem)
    {
        output.Raw(",\"error\":{\"code\":"u8);
        output.Text(problem.Code);
        output.Property("message"u8, problem.Message);
        output.Raw("}"u8);
    }
}
