using System.Buffers.Binary;
using System.Text;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>Reads the file meta information, and the headers of elements and items.</summary>
internal static class ElementHeaders
{
    public const uint UndefinedLength = 0xFFFFFFFF;

    /// <summary>Reads group 0002 (PS3.10 §7.1), which is always explicit VR little endian, and returns the transfer syntax UID.</summary>
    public static string ReadFileMeta(DicomInput input)
    {
        string? transferSyntax = null;
        Span<byte> value = stackalloc byte[64];
        while (input.Peek(2) is [0x02, 0x00])
        {
            var (tag, vr, length) = ReadExplicit(input, bigEndian: false);
            if (length == UndefinedLength || !vr.IsKnown())
                throw new DicomFormatException("the file meta information is malformed");

            if (tag == Tags.TransferSyntaxUid && length <= 64)
            {
                input.ReadExactly(value[..(int)length]);
                transferSyntax = Encoding.ASCII.GetString(value[..(int)length]).TrimEnd('\0', ' ');
            }
            else
            {
                input.Skip(length);
            }
        }

        return string.IsNullOrEmpty(transferSyntax)
            ? throw new DicomFormatException("the file meta information has no transfer syntax")
            : transferSyntax;
    }

    /// <summary>Reads the header of an element with a value representation (PS3.5 §7.1.2); an item has none.</summary>
    public static (uint Tag, Vr Vr, uint Length) ReadExplicit(DicomInput input, bool bigEndian)
    {
        Span<byte> header = stackalloc byte[8];
        input.ReadExactly(header);
        var tag = Tag(header, bigEndian);
        if (tag >> 16 == 0xFFFE)
            return (tag, Vr.None, UInt32(header[4..], bigEndian));

        var vr = (Vr)((header[4] << 8) | header[5]);
        if (!vr.HasLongLength())
            return (tag, vr, UInt16(header[6..], bigEndian));

        input.ReadExactly(header[..4]);
        return (tag, vr, UInt32(header, bigEndian));
    }

    /// <summary>Reads the header of an element without a value representation (PS3.5 §7.1.3), or of an item.</summary>
    public static (uint Tag, uint Length) ReadImplicit(DicomInput input, bool bigEndian)
    {
        Span<byte> header = stackalloc byte[8];
        input.ReadExactly(header);
        return (Tag(header, bigEndian), UInt32(header[4..], bigEndian));
    }

    private static uint Tag(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        ((uint)UInt16(bytes, bigEndian) << 16) | UInt16(bytes[2..], bigEndian);

    public static ushort UInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
