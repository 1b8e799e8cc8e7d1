using System.Buffers;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Records;

/// <summary>Writes the <c>status</c> of a record (a number, or a text if there was no answer) and its <c>error</c>.</summary>
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

    /// <summary>Writes <c>,"error":{"code","message","status"}</c>, the latter two if the server said so.</summary>
    /// <param name="output">The buffer to write to.</param>
    /// <param name="code">A constant of <see cref="FailureCode"/>; null writes nothing.</param>
    /// <param name="said">What the server said of it.</param>
    public static void Failure(this IBufferWriter<byte> output, string? code, ServerError? said)
    {
        if (code is null)
            return;
        output.Raw(",\"error\":{\"code\":"u8);
        output.Text(code);
        output.Property("message"u8, said?.Message);
        output.Property("status"u8, said?.Status);
        output.Raw("}"u8);
    }
}
