using System.Buffers;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Records;

/// <summary>Writes the <c>status</c> of a record: a number, or a text if there was no answer.</summary>
internal static class RecordStatus
{
    public static void Status(this IBufferWriter<byte> output, OutcomeStatus status)
    {
        output.Key("status"u8);
        if (status.Text is { } text)
            output.Text(text);
        else
            output.Number(status.Code);
    }
}
