using System.Buffers.Binary;
using System.Text;

namespace DicomFunctions.Testing;

/// <summary>Writes data elements in the order given, in any of the three encodings.</summary>
public sealed class DataSetWriter(bool isExplicit, bool isBigEndian = false)
{
    public const uint Undefined = uint.MaxValue;

    private readonly List<byte> _bytes = [];

    public static DataSetWriter For(string transferSyntaxUid) => new(
        transferSyntaxUid != TransferSyntaxes.ImplicitLittleEndian, transferSyntaxUid == TransferSyntaxes.ExplicitBigEndian);

    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>A text, padded to even length as its VR asks for.</summary>
    public DataSetWriter Text(uint tag, string vr, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value.Length % 2 == 0 ? value : value + (vr == "UI" ? '\0' : ' '));
        return Bytes(tag, vr, bytes);
    }

    public DataSetWriter Number(uint tag, ushort value)
    {
        Header(tag, "US", 2);
        Write(value);
        return this;
    }

    public DataSetWriter Bytes(uint tag, string vr, ReadOnlySpan<byte> value)
    {
        Header(tag, vr, (uint)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    /// <summary>
    /// A sequence of undefined length with one item of undefined length; the item's elements are whatever is written within.
    /// </summary>
    public DataSetWriter Sequence(uint tag, Action<DataSetWriter> item, string vr = "SQ")
    {
        Header(tag, vr, Undefined);
        Raw(0xFFFE_E000, Undefined);
        item(this);
        Raw(0xFFFE_E00D, 0);
        return Raw(0xFFFE_E0DD, 0);
    }

    /// <summary>An element's beginning, claiming any length.</summary>
    public DataSetWriter Header(uint tag, string vr, uint length)
    {
        if (!isExplicit)
            return Raw(tag, length);
        Write((ushort)(tag >> 16));
        Write((ushort)tag);
        _bytes.AddRange(Encoding.ASCII.GetBytes(vr));
        if (vr is "OB" or "OD" or "OF" or "OL" or "OV" or "OW" or "SQ" or "SV" or "UC" or "UN" or "UR" or "UT" or "UV")
        {
            Write((ushort)0);
            Write(length);
        }
        else
        {
            Write((ushort)length);
        }

        return this;
    }

    /// <summary>A tag and a length of four bytes, as delimiters and implicit VR have it.</summary>
    public DataSetWriter Raw(uint tag, uint length)
    {
        Write((ushort)(tag >> 16));
        Write((ushort)tag);
        Write(length);
        return this;
    }

    /// <summary>Bytes as they are, such as what another writer wrote.</summary>
    public DataSetWriter Append(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    private void Write(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    private void Write(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }
}
