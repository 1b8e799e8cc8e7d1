using System.Collections.Concurrent;

namespace DicomFunctions.Emulator.Storage;

/// <summary>A study of a store. Its attributes are those of its first instance.</summary>
internal sealed class StudyEntry(string uid, StudyAttributes attributes, byte[] row)
{
    public string Uid { get; } = uid;

    public StudyAttributes Attributes { get; } = attributes;

    /// <summary>The default search row, rendered.</summary>
    public byte[] Row { get; } = row;

    public GrowingList<SeriesEntry> Series { get; } = new();

    public ConcurrentDictionary<string, SeriesEntry> SeriesByUid { get; } = new(StringComparer.Ordinal);
}
