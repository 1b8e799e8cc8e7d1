namespace DicomFunctions.Dictionary;

/// <summary>A standard attribute as PS3.6 registers it.</summary>
public sealed record DicomAttribute
{
    /// <summary>
    /// Group and element in one number, the group in the high half. An attribute of a repeating group has the tag that it was looked up by;
    /// if it was looked up by keyword, it has the first one (6000,0010 for OverlayRows).
    /// </summary>
    public required uint Tag { get; init; }

    /// <summary>The keyword, such as <c>PatientName</c>; empty for the few retired attributes that never had one.</summary>
    public required string Keyword { get; init; }

    /// <summary>
    /// The value representations it may have, usually one. If there are more, an explicit VR data set states which one it uses;
    /// <see cref="DicomDictionary.VrOf"/> tells which one an implicit VR data set uses.
    /// </summary>
    public required IReadOnlyList<Vr> Vrs { get; init; }

    /// <summary>How many values it may have, as PS3.6 writes it: <c>1</c>, <c>1-n</c>, <c>2-2n</c>.</summary>
    public required string Multiplicity { get; init; }

    /// <summary>Whether it is retired. Old files may still have it.</summary>
    public required bool IsRetired { get; init; }
}
