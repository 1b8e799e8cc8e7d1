using System.Buffers;
using System.Globalization;
using System.Text.Json;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Sources;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Remote;

/// <summary>The records of files that were sent. The server has names of its own for them; here they have those of this machine.</summary>
internal static class SentRecords
{
    /// <summary>
    /// The records of a batch in the order of its inputs: those of the server, each with the name of its file, and those of files that
    /// were not sent. A file that the server did not attempt, because the job was cancelled, has none.
    /// </summary>
    /// <param name="inputs">The files.</param>
    /// <param name="problems">Why files were not sent, by their place. The server has those between, numbered from 0.</param>
    /// <param name="records">The server's records, in order.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> InOrderAsync(
        IReadOnlyList<UploadInput> inputs,
        IReadOnlyDictionary<int, SourceProblem> problems,
        IAsyncEnumerable<ReadOnlyMemory<byte>> records)
    {
        int[] sent = [.. Enumerable.Range(0, inputs.Count).Where(index => !problems.ContainsKey(index))];
        var place = 0;
        await foreach (var record in records.ConfigureAwait(false))
        {
            if (NumberOf(record.Span) is not { } number || number >= sent.Length)
                throw new CommandFailedException("The server's records are not of the files that were sent.");
            for (; place < sent[number]; place++)
            {
                if (problems.TryGetValue(place, out var problem))
                    yield return Failed(inputs[place], problem);
            }

            yield return Rename(record.Span, inputs[place].Source);
            place++;
        }

        for (; place < inputs.Count; place++)
        {
            if (problems.TryGetValue(place, out var problem))
                yield return Failed(inputs[place], problem);
        }
    }

    /// <summary>The number of a file among those sent, which its name on the server ends with; null if it is no such name.</summary>
    private static int? NumberOf(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSource = reader.ValueTextEquals("source"u8);
            reader.Read();
            if (isSource)
            {
                var name = Path.GetFileNameWithoutExtension(reader.GetTextOrNull());
                return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            }

            reader.Skip();
        }

        return null;
    }

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
