using System.Buffers;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Notifications;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>A message of a notifications job.</summary>
/// <param name="Instance">The instance it names; null if it cannot be converted.</param>
/// <param name="Problem">Why it cannot be converted; null if it can.</param>
/// <param name="Extras">The fields of the message that go into its record.</param>
internal sealed record MessageInput(DicomInstancePath? Instance, DicomPathProblem? Problem, RecordExtras Extras)
{
    public static MessageInput Parse(ReadOnlySpan<byte> line)
    {
        var message = PubSubMessageReader.Read(line);
        FormatToQido.TryFormat(message, out var instance, out var problem);
        return new MessageInput(
            instance, problem, new RecordExtras { MessageId = message.MessageId, PublishTime = message.PublishTime });
    }

    /// <summary>Writes the record of a message that cannot be converted.</summary>
    public void WriteUnconverted(ReadOnlySpan<byte> line, RecordPlace output)
    {
        output.Raw("{\"input\":"u8);
        output.Raw(line);
        output.Raw(",\"result\":{},\"success\":false"u8);
        FormatRecord.WriteError(output, Problem!);
        Extras.WriteTo(output, FormatRecord.Kind);
        output.Raw("}\n"u8);
        output.Add(Problem!.Code, OutcomeStatus.Of(Problem.Code, Problem.Message), attempts: 0, output.BytesWritten);
    }

    /// <summary>The request that the message leads to: the input of its record.</summary>
    public ReadOnlyMemory<byte> ToRequest(FollowUp then)
    {
        var request = new ArrayBufferWriter<byte>(512);
        if (then == FollowUp.Search)
            FormatRecord.WriteRequest(request, Instance!);
        else
            FormatRecord.WriteRequest(request, Instance!, RetrieveTypeOf(then));
        return request.WrittenMemory;
    }

    public static RetrieveType RetrieveTypeOf(FollowUp then) =>
        then == FollowUp.Instances ? RetrieveType.Instances : RetrieveType.Metadata;
}
