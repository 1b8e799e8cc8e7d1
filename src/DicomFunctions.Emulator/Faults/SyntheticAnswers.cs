using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Emulator.Faults;

/// <summary>
/// Makes a store answer searches with rows that are generated as they are sent, so that answers of any size cost no memory.
/// A search that names the UID of its own level gets one row with that UID; any other gets <see cref="Rows"/> rows, paged.
/// </summary>
public sealed record SyntheticAnswers
{
    /// <summary>How many rows there are.</summary>
    [Range(0, int.MaxValue)]
    public int Rows { get; init; } = 1;

    /// <summary>Size in bytes of a row, brackets and commas aside. What the identifiers need is the least.</summary>
    [Range(0, int.MaxValue)]
    public int RowBytes { get; init; } = 1000;
}
