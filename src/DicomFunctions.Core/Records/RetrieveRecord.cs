using System.Buffers;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>
/// Writes the record of a retrieval, <c>{"input":…,"result":[…],"success":…,"status":…}</c>. The result has a data set, or a file, in each
/// row.
/// </summary>
internal struct RetrieveRecord(IBufferWriter<byte> output)
{
    private SearchRecord _rows = new(output);

    /// <inheritdoc cref="SearchRecord.Begin"/>
    public readonly void Begin(ReadOnlySpan<byte> input) => _rows.Begin(input);

    /// <inheritdoc cref="SearchRecord.Row"/>
    public void Row(ReadOnlySpan<byte> row) => _rows.Row(row);

    /// <summary>Ends the record and its line.</summary>
    /// <param name="outcome">The outcome of the retrieval.</param>
    /// <param name="isVerified">Whether a search has said what must come; null if that is not asked, as for metadata.</param>
    /// <param name="extras">Attempts and times.</param>
    public readonly void End(in RetrieveOutcome outcome, bool? isVerified, in RecordExtras extras)
    {
        output.Raw(outcome.Success ? "],\"success\":true"u8 : "],\"success\":false"u8);
        output.Status(outcome.Status);
        if (outcome.Success && isVerified == false)
            output.Raw(",\"verified\":false"u8);
        if (outcome.Partial)
            output.Raw(",\"partial\":true"u8);
        if (outcome.Error is { } error)
        {
            output.Raw(",\"error\":{\"message\":"u8);
            output.Text(error.Message);
            output.Property("status"u8, error.Status);
            output.Raw("}"u8);
        }

        extras.WriteTo(output);
        output.Raw("}\n"u8);
    }
}
