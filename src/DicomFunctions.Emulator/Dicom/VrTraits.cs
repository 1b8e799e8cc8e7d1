using System.Collections.Frozen;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>Properties of value representations that matter to reading and to DICOM JSON.</summary>
internal static class VrTraits
{
    private static readonly FrozenDictionary<Vr, string> LettersOf =
        Enum.GetValues<Vr>().Where(vr => vr != Vr.None).ToFrozenDictionary(vr => vr, vr => vr.ToString());

    /// <summary>Whether this is a value representation of PS3.5 §6.2.</summary>
    public static bool IsKnown(this Vr vr) => LettersOf.ContainsKey(vr);

    /// <summary>Whether an explicit VR element of this kind has two reserved bytes and a 32-bit length (PS3.5 §7.1.2).</summary>
    public static bool HasLongLength(this Vr vr) => vr
        is Vr.OB or Vr.OD or Vr.OF or Vr.OL or Vr.OV or Vr.OW or Vr.SQ or Vr.SV or Vr.UC or Vr.UN or Vr.UR or Vr.UT or Vr.UV;

    /// <summary>Whether this is bulk data, which neither search answers nor metadata include here.</summary>
    public static bool IsBulk(this Vr vr) => vr is Vr.OB or Vr.OD or Vr.OF or Vr.OL or Vr.OV or Vr.OW or Vr.UN;

    /// <summary>Whether Specific Character Set applies (PS3.5 §6.1.2.3).</summary>
    public static bool UsesCharacterSet(this Vr vr) => vr is Vr.LO or Vr.LT or Vr.PN or Vr.SH or Vr.ST or Vr.UC or Vr.UT;

    /// <summary>Whether this is text with exactly one value, in which a backslash is a character.</summary>
    public static bool IsSingleText(this Vr vr) => vr is Vr.LT or Vr.ST or Vr.UT or Vr.UR;

    /// <summary>Whether the value is text of any kind.</summary>
    public static bool IsText(this Vr vr) => vr.UsesCharacterSet() || vr
        is Vr.AE or Vr.AS or Vr.CS or Vr.DA or Vr.DS or Vr.DT or Vr.IS or Vr.TM or Vr.UI or Vr.UR;

    /// <summary>The size of one binary number in bytes; 0 for other values.</summary>
    public static int ValueSize(this Vr vr) => vr switch
    {
        Vr.SS or Vr.US => 2,
        Vr.AT or Vr.FL or Vr.SL or Vr.UL => 4,
        Vr.FD or Vr.SV or Vr.UV => 8,
        _ => 0,
    };

    /// <summary>The two letters.</summary>
    public static string Letters(this Vr vr) => LettersOf[vr];
}
