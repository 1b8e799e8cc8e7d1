using System.Buffers;
using System.Text.Json;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Local.Remote;

/// <summary>The records of files that were sent. The server has names of its own for them; here they have those of this machine.</summary>
internal static class SentRecords
{
    /// <summary>The server's record with the name of the file.</summary>
    public static ReadOnlyMemory<byte> Rename(ReadOnlySpan<byte> record, string source)
    {
        var output = new ArrayBufferWriter<byte>(record.Length + source.Length);
        var reader = new Utf8JsonReader(record);
        reader.Read();
        var done = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("source"u8) || reader.ValueTextEquals("input"u8);
            reader.Read();
            if (isName && reader.TokenType == JsonTokenType.String)
            {
                output.Write(record[done..(int)reader.TokenStartIndex]);
                output.Text(source);
                done = (int)reader.BytesConsumed;
            }

            reader.Skip();
        }

        output.Write(record[done..]);
        output.Raw("\n"u8);
        return output.WrittenMemory;
    }

    /// <summary>The record of a file that could not be sent.</summary>
    public static ReadOnlyMemory<byte> Failed(UploadInput input, SourceProblem problem)
    {
        var output = new ArrayBufferWriter<byte>();
        var outcome = new StowOutcome
        {
            Success = false,
            Status = OutcomeStatus.Of(problem.Code, problem.Message),
            Error = new StowError { Reason = problem.Message },
        };
        UploadRecord.Write(output, input.Source, header: null, outcome, new RecordExtras());
        return output.WrittenMemory;
    }
}
