namespace DicomFunctions.Dictionary;

/// <summary>
/// The data dictionary: every standard attribute of PS3.6, file meta information, media directories, retired ones and repeating groups included.
/// Private attributes are not part of it. Safe to use from any thread; built at the first use, in about a millisecond.
/// </summary>
public static class DicomDictionary
{
    /// <summary>Every attribute once, by tag; one of a repeating group has its first tag.</summary>
    public static IEnumerable<DicomAttribute> All => Enumerable.Range(0, AttributeTable.Count).Select(AttributeTable.At);

    /// <summary>The attribute of a tag, or null for one that the standard does not know, or that is private.</summary>
    public static DicomAttribute? Find(uint tag)
    {
        var index = AttributeTable.IndexOf(tag);
        return index < 0 ? null : AttributeTable.At(index) with { Tag = tag };
    }

    /// <summary>The attribute of a keyword, upper and lower case as in PS3.6; null for one that the standard does not know.</summary>
    public static DicomAttribute? Find(ReadOnlySpan<char> keyword)
    {
        var index = KeywordIndex.IndexOf(keyword);
        return index < 0 ? null : AttributeTable.At(index);
    }

    /// <summary>
    /// The value representation of a tag in a data set that does not say it (PS3.5 §A.1), or <see cref="Vr.None"/> for a tag that the standard
    /// does not know, or that is private. "OB or OW" and lookup table data are OW there, "US or SS" is as Pixel Representation (0028,0103) says.
    /// Costs no allocation.
    /// </summary>
    /// <param name="tag">Group and element in one number.</param>
    /// <param name="signedPixels">Whether Pixel Representation is 1.</param>
    public static Vr VrOf(uint tag, bool signedPixels = false)
    {
        var index = AttributeTable.IndexOf(tag);
        return index < 0 ? Vr.None : AttributeTable.VrsAt(index).InImplicit(signedPixels);
    }
}
