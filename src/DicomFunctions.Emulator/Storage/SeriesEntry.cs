using System.Collections.Concurrent;

namespace DicomFunctions.Emulator.Storage;

/// <summary>A series of a study. Its attributes are those of its first instance.</summary>
internal sealed class SeriesEntry(StudyEntry study, string uid, string modality, byte[] row)
{
    public StudyEntry Study { get; } = study;

    public string Uid { get; } = uid;

    public string Modality { get; } = modality;

    /// <summary>The default search row, rendered.</summary>
    public byte[] Row { get; } = row;

    public GrowingList<InstanceEntry> Instances { get; } = new();

    public ConcurrentDictionary<string, InstanceEntry> InstancesByUid { get; } = new(StringComparer.Ordinal);
}
