namespace DicomFunctions.Dictionary;

/// <summary>
/// The data dictionary: every standard attribute of PS3.6, including file meta information, media directories, retired attributes and
/// repeating groups, but no private ones. Safe to use from any thread. Built at first use, in about a millisecond.
/// </summary>
public static class DicomDictionary
{
    /// <summary>Every attribute, ordered by tag. An attribute of a repeating group appears once, with its first tag.</summary>
    public static IEnumerable<DicomAttribute> All => Enumerable.Range(0, AttributeTable.Count).Select(AttributeTable.At);

    /// <summary>Finds an attribute by tag; null if the tag is private or not in the standard.</summary>
    public static DicomAttribute? Find(uint tag)
    {
        var index = AttributeTable.IndexOf(tag);
        return index < 0 ? null : AttributeTable.At(index) with { Tag = tag };
    }

    /// <summary>Finds an attribute by keyword, case-sensitive; null if the standard has no such keyword.</summary>
    public static DicomAttribute? Find(ReadOnlySpan<char> keyword)
    {
        var index = KeywordIndex.IndexOf(keyword);
        return index < 0 ? null : AttributeTable.At(index);
    }

    /// <summary>
    /// The value representation of a tag in an implicit VR data set (PS3.5 §A.1), or <see cref="Vr.None"/> if the tag is private or not in
    /// the standard. "OB or OW" and lookup table data are OW there; "US or SS" depends on Pixel Representation (0028,0103). Does not
    /// allocate.
    /// </summary>
    /// <param name="tag">Group and element in one number.</param>
    /// <param name="signedPixels">Whether Pixel Representation is 1.</param>
    public static Vr VrOf(uint tag, bool signedPixels = false)
    {
        var index = AttributeTable.IndexOf(tag);
        return index < 0 ? Vr.None : AttributeTable.VrsAt(index).InImplicit(signedPixels);
    }
}
