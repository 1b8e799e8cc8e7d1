namespace DicomFunctions.Core.Dicom;

/// <summary>The transfer syntaxes that need special handling (PS3.5 annex A).</summary>
internal static class TransferSyntax
{
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    public const string ExplicitBigEndian = "1.2.840.10008.1.2.2";
    public const string Deflated = "1.2.840.10008.1.2.1.99";

    private const string JpipDeflated = "1.2.840.10008.1.2.4.95";
    private const string JpipHtj2kDeflated = "1.2.840.10008.1.2.4.205";

    /// <summary>Whether the whole data set is deflated.</summary>
    public static bool IsDeflated(string uid) => uid is Deflated or JpipDeflated or JpipHtj2kDeflated;
}
