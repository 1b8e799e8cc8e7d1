using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>A search of one store.</summary>
public sealed record QidoRequest
{
    public required DicomStorePath Store { get; init; }

    public required QidoLevel Level { get; init; }

    /// <summary>
    /// The query parameters by name, in order, without <c>limit</c> and <c>offset</c>: filters by keyword or tag, <c>includefield</c>,
    /// <c>fuzzymatching</c>. They are percent-encoded and otherwise sent unchanged.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>The most data sets to return; null for all.</summary>
    public long? Limit { get; init; }

    /// <summary>The number of matches to skip.</summary>
    public long Offset { get; init; }
}
