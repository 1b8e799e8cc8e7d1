namespace DicomFunctions.Emulator.Dicom;

/// <summary>How a data set is encoded (PS3.5 §10 and Annex A).</summary>
internal readonly record struct TransferSyntax(bool IsExplicit, bool IsBigEndian, bool IsDeflated)
{
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    public const string DeflatedLittleEndian = "1.2.840.10008.1.2.1.99";
    public const string ExplicitBigEndian = "1.2.840.10008.1.2.2";

    /// <summary>Looks up a transfer syntax; false if the standard does not define it, such as a vendor's own.</summary>
    public static bool TryGet(string uid, out TransferSyntax syntax)
    {
        syntax = uid switch
        {
            ImplicitLittleEndian => new(false, false, false),
            ExplicitBigEndian => new(true, true, false),
            // Deflated explicit VR little endian and the JPIP referenced deflate syntaxes compress the whole data set.
            DeflatedLittleEndian or "1.2.840.10008.1.2.4.95" or "1.2.840.10008.1.2.4.205" => new(true, false, true),
            _ => new(true, false, false),
        };
        return uid == ImplicitLittleEndian
            || uid.StartsWith("1.2.840.10008.1.2.", StringComparison.Ordinal)
            || uid == "1.2.840.10008.1.20";
    }
}
