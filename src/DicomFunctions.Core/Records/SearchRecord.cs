using System.Buffers;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>Writes the record of a search, <c>{"input":…,"result":[…],"success":…,"status":…}</c>, row by row.</summary>
internal struct SearchRecord(IBufferWriter<byte> output)
{
    private bool _hasRows;

    /// <summary>Begins the record.</summary>
    /// <param name="input">The input's JSON, as given, on one line.</param>
    public readonly void Begin(ReadOnlySpan<byte> input)
    {
        output.Raw("{\"input\":"u8);
        output.Raw(input);
        output.Raw(",\"result\":["u8);
    }

    public void Row(ReadOnlySpan<byte> dataset)
    {
        if (_hasRows)
            output.Raw(","u8);
        _hasRows = true;
        output.Raw(dataset);
    }

    /// <summary>Ends the record and its line.</summary>
    public readonly void End(in QidoOutcome outcome, in RecordExtras extras)
    {
        output.Raw(outcome.Success ? "],\"success\":true"u8 : "],\"success\":false"u8);
        output.Status(outcome.Status);
        if (outcome.Partial)
            output.Raw(",\"partial\":true"u8);
        if (outcome.RepeatedRows > 0)
            output.Property("repeated_rows"u8, outcome.RepeatedRows);
        output.Failure(outcome.FailureCode, outcome.Error);

        extras.WriteTo(output, "search"u8);
        output.Raw("}\n"u8);
    }
}
