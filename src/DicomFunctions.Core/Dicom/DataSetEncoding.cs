using System.Buffers.Binary;

namespace DicomFunctions.Core.Dicom;

/// <summary>The encoding of a data set's elements (PS3.5 §7.1).</summary>
internal readonly record struct DataSetEncoding(bool IsExplicit, bool IsBigEndian)
{
    public static readonly DataSetEncoding ExplicitLittleEndian = new(IsExplicit: true, IsBigEndian: false);
    private static readonly DataSetEncoding ImplicitLittleEndian = new(IsExplicit: false, IsBigEndian: false);
    private static readonly DataSetEncoding ExplicitBigEndian = new(IsExplicit: true, IsBigEndian: true);

    private static ReadOnlySpan<byte> ValueRepresentations =>
        "AEASATCSDADSDTFDFLISLOLTOBODOFOLOVOWPNSHSLSQSSSTSVTMUCUIULUNURUSUTUV"u8;

    public string TransferSyntaxUid =>
        this == ImplicitLittleEndian ? TransferSyntax.ImplicitLittleEndian
        : this == ExplicitBigEndian ? TransferSyntax.ExplicitBigEndian
        : TransferSyntax.ExplicitLittleEndian;

    public static DataSetEncoding Of(string transferSyntaxUid) => transferSyntaxUid switch
    {
        TransferSyntax.ImplicitLittleEndian => ImplicitLittleEndian,
        TransferSyntax.ExplicitBigEndian => ExplicitBigEndian,
        _ => ExplicitLittleEndian,
    };

    /// <summary>
    /// Recognizes the encoding from the bytes if the data set starts with group 0008, as nearly all do; otherwise null. This outweighs the
    /// transfer syntax that the file declares, which is often wrong.
    /// </summary>
    public static DataSetEncoding? Recognize(ReadOnlySpan<byte> dataSet)
    {
        const uint FirstLetters = 0x4141; // "AA": no first element of group 0008 is that long, so two letters are a VR, not a length.
        if (dataSet.Length < 8)
            return null;
        var isExplicit = IsValueRepresentation(dataSet.Slice(4, 2));
        if (dataSet[0] == 0x08 && dataSet[1] == 0x00)
        {
            if (isExplicit)
                return ExplicitLittleEndian;
            return BinaryPrimitives.ReadUInt32LittleEndian(dataSet[4..]) is < FirstLetters or uint.MaxValue ? ImplicitLittleEndian : null;
        }

        return dataSet[0] == 0x00 && dataSet[1] == 0x08 && isExplicit ? ExplicitBigEndian : null;
    }

    private static bool IsValueRepresentation(ReadOnlySpan<byte> letters)
    {
        for (var i = 0; i < ValueRepresentations.Length; i += 2)
        {
            if (ValueRepresentations.Slice(i, 2).SequenceEqual(letters))
                return true;
        }

        return false;
    }
}
