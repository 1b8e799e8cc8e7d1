using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Emulator.Faults;

/// <summary>
/// Makes a store answer searches with rows generated as they are sent, so that answers of any size cost no memory.
/// A search for a UID of its own level gets one row with that UID; any other gets <see cref="Rows"/> rows, paged.
/// </summary>
public sealed record SyntheticAnswers
{
    /// <summary>How many rows a search finds.</summary>
    [Range(0, int.MaxValue)]
    public int Rows { get; init; } = 1;

    /// <summary>The size of a row in bytes, brackets and commas aside. A row is never smaller than its UIDs need.</summary>
    [Range(0, int.MaxValue)]
    public int RowBytes { get; init; } = 1000;
}
