namespace DicomFunctions.Emulator.Storage;

/// <summary>A stored instance.</summary>
internal sealed record InstanceEntry
{
    public required SeriesEntry Series { get; init; }

    public required string SopUid { get; init; }

    public required string SopClassUid { get; init; }

    public required string TransferSyntaxUid { get; init; }

    /// <summary>The default search row, rendered.</summary>
    public required byte[] Row { get; init; }

    public required InstanceContent Content { get; init; }

    public InstanceKey Key => new(Series.Study.Uid, Series.Uid, SopUid);
}
