using System.Buffers;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>
/// Ends the record of a retrieval, which begins as that of a search (<see cref="SearchRecord"/>): the result has a data set, or a file, in
/// each row.
/// </summary>
internal static class RetrieveRecord
{
    /// <summary>Ends the record and its line.</summary>
    /// <param name="output">The buffer to write to.</param>
    /// <param name="outcome">The outcome of the retrieval.</param>
    /// <param name="isVerified">Whether a search has said what must come; null if that is not asked, as for metadata.</param>
    /// <param name="extras">Attempts and times.</param>
    public static void End(IBufferWriter<byte> output, RetrieveOutcome outcome, bool? isVerified, in RecordExtras extras)
    {
        output.Raw(outcome.Success ? "],\"success\":true"u8 : "],\"success\":false"u8);
        output.Status(outcome.Status);
        if (outcome.Success && isVerified == false)
            output.Raw(",\"verified\":false"u8);
        if (outcome.Partial)
            output.Raw(",\"partial\":true"u8);
        output.Failure(outcome.FailureCode, outcome.Error);

        extras.WriteTo(output, "retrieve"u8);
        output.Raw("}\n"u8);
    }
}
