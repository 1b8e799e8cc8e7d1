using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>A search of one store.</summary>
public sealed record QidoRequest
{
    public required DicomStorePath Store { get; init; }

    public required QidoLevel Level { get; init; }

    /// <summary>
    /// Query parameters by name, in order, without <c>limit</c> and <c>offset</c>: filters by keyword or tag, <c>includefield</c>,
    /// <c>fuzzymatching</c>. Passed on as they are, percent-encoded.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>The most data sets wanted in all; null: every match.</summary>
    public long? Limit { get; init; }

    /// <summary>How many matches to pass over.</summary>
    public long Offset { get; init; }
}
