namespace DicomFunctions.Emulator.Dicom;

/// <summary>The value representation of an element in a data set that does not state it.</summary>
internal static class ImpliedVr
{
    /// <summary>Looks up a tag; UN if only a vendor's documentation has it (PS3.5 §6.2.2).</summary>
    public static Vr Of(uint tag, bool signedPixels)
    {
        if (DicomDictionary.VrOf(tag, signedPixels) is not Vr.None and var known)
            return known;

        return (tag & 0xFFFF) switch
        {
            0x0000 => Vr.UL, // group length (PS3.5 §7.2)
            >= 0x0010 and <= 0x00FF when Tags.IsPrivate(tag) => Vr.LO, // private creator (PS3.5 §7.8.1)
            _ => Vr.UN,
        };
    }
}
