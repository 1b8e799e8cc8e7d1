using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace DicomFunctions.Local.Phantom;

/// <summary>Writes data elements in explicit VR little endian (PS3.5 §7.1.2), in the given order.</summary>
internal sealed class ElementWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(2048);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>An element of text, with several values separated by backslashes, and padded as its VR requires.</summary>
    public ElementWriter Text(uint tag, string vr, string value)
    {
        var length = value.Length + (value.Length & 1);
        Header(tag, vr, (uint)length);
        var target = _buffer.GetSpan(length);
        Encoding.ASCII.GetBytes(value, target);
        if (length > value.Length)
            target[value.Length] = vr == "UI" ? (byte)0 : (byte)' ';
        _buffer.Advance(length);
        return this;
    }

    /// <summary>A decimal string (DS), at most 16 characters a value.</summary>
    public ElementWriter Decimals(uint tag, params ReadOnlySpan<double> values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
            text.Append(text.Length > 0 ? "\\" : "").Append(value.ToString("0.######", CultureInfo.InvariantCulture));
        return Text(tag, "DS", text.ToString());
    }

    /// <summary>An integer string (IS).</summary>
    public ElementWriter Integer(uint tag, int value) => Text(tag, "IS", value.ToString(CultureInfo.InvariantCulture));

    /// <summary>An unsigned short (US).</summary>
    public ElementWriter UnsignedShort(uint tag, int value)
    {
        Header(tag, "US", 2);
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(2), (ushort)value);
        _buffer.Advance(2);
        return this;
    }

    /// <summary>An unsigned long (UL).</summary>
    public ElementWriter UnsignedLong(uint tag, uint value)
    {
        Header(tag, "UL", 4);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    /// <summary>Other bytes (OB), an even number of them.</summary>
    public ElementWriter Bytes(uint tag, ReadOnlySpan<byte> value)
    {
        Header(tag, "OB", (uint)value.Length);
        _buffer.Write(value);
        return this;
    }

    /// <summary>An element's tag, VR and length; the caller writes the value after it.</summary>
    public ElementWriter Header(uint tag, string vr, uint length)
    {
        var hasLongLength = vr is "OB" or "OW";
        var size = hasLongLength ? 12 : 8;
        var header = _buffer.GetSpan(size)[..size];
        header.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)tag);
        Encoding.ASCII.GetBytes(vr, header[4..]);
        if (hasLongLength)
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], length);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)length);
        _buffer.Advance(size);
        return this;
    }
}
