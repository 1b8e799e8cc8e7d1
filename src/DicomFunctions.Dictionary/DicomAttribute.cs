namespace DicomFunctions.Dictionary;

/// <summary>A standard attribute as PS3.6 registers it.</summary>
public sealed record DicomAttribute
{
    /// <summary>
    /// Group and element in one number, the group in the high half. An attribute of a repeating group that was looked up by tag has that tag;
    /// looked up by keyword, it has the first one (6000,0010 for OverlayRows).
    /// </summary>
    public required uint Tag { get; init; }

    /// <summary>The keyword, such as <c>PatientName</c>; empty for the few retired attributes that were never given one.</summary>
    public required string Keyword { get; init; }

    /// <summary>
    /// The value representations it may have, mostly one. Where there are more, an explicit VR data set says which;
    /// <see cref="DicomDictionary.VrOf"/> says which one is meant where the data set does not.
    /// </summary>
    public required IReadOnlyList<Vr> Vrs { get; init; }

    /// <summary>How many values it may have, in the words of PS3.6: <c>1</c>, <c>1-n</c>, <c>2-2n</c>.</summary>
    public required string Multiplicity { get; init; }

    /// <summary>Whether it was retired. Old files have it still.</summary>
    public required bool IsRetired { get; init; }
}
