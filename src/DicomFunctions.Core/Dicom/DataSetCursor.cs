using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Walks the top-level elements of a data set (PS3.5 §7), stepping over sequences of any depth without recursion. Bytes that make no
/// sense give elements that make no sense, or <see cref="DataSetStep.Cut"/>; each step moves on by at least eight bytes.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct DataSetCursor(ReadOnlySpan<byte> bytes, DataSetEncoding encoding)
{
    private const uint Undefined = uint.MaxValue;
    private const uint Item = 0xFFFE_E000;
    private const uint ItemDelimitation = 0xFFFE_E00D;
    private const uint SequenceDelimitation = 0xFFFE_E0DD;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    private int _position;
    private uint _length;      // of the current element's value, which begins at _position
    private int _depth;        // of sequences and items of undefined length
    private int _unknownDepth; // depth of the outermost UN of undefined length, whose content is implicit little endian (PS3.5 §6.2.2)

    /// <summary>Group and element of the current element.</summary>
    public uint Tag { get; private set; }

    /// <summary>Where the current element begins, or where the walk ended.</summary>
    public int Start { get; private set; }

    /// <summary>Where the current element ends, if its length is defined.</summary>
    public readonly long End => _position + (long)_length;

    /// <summary>Goes to the next top-level element. Its value may yet be cut off.</summary>
    public DataSetStep MoveNext()
    {
        if (!Skip(_length))
            return DataSetStep.Cut;
        while (true)
        {
            Start = _position;
            _length = 0;
            var rest = _bytes[_position..];
            if (rest.IsEmpty && _depth == 0)
                return DataSetStep.End;
            if (!TryReadElementHeader(rest, out var tag, out var length, out var size, out var isUnknown))
                return DataSetStep.Cut;
            _position += size;
            if (tag is ItemDelimitation or SequenceDelimitation)
            {
                Leave();
                continue;
            }

            var isTopLevel = _depth == 0;
            if (length == Undefined)
                Enter(isUnknown);
            if (isTopLevel && tag != Item)
            {
                Tag = tag;
                _length = length == Undefined ? 0 : length;
                return DataSetStep.Element;
            }

            if (length != Undefined && !Skip(length))
                return DataSetStep.Cut;
        }
    }

    /// <summary>The current element's value; false when it is cut off.</summary>
    public readonly bool TryGetValue(out ReadOnlySpan<byte> value)
    {
        var isThere = _length <= (uint)(_bytes.Length - _position);
        value = isThere ? _bytes.Slice(_position, (int)_length) : default;
        return isThere;
    }

    private readonly bool TryReadElementHeader(ReadOnlySpan<byte> rest, out uint tag, out uint length, out int size, out bool isUnknown)
    {
        (tag, length, size, isUnknown) = (0, 0, 8, false);
        if (rest.Length < 8)
            return false;
        var isBigEndian = encoding.IsBigEndian && _unknownDepth == 0;
        tag = ((uint)ReadUInt16(rest, isBigEndian) << 16) | ReadUInt16(rest[2..], isBigEndian);

        // Two bytes that are no letters are no VR: then, as for delimiters, a length of four bytes follows the tag.
        var isExplicit = encoding.IsExplicit && _unknownDepth == 0 && tag >> 16 != 0xFFFE
            && char.IsAsciiLetterUpper((char)rest[4]) && char.IsAsciiLetterUpper((char)rest[5]);
        if (!isExplicit)
        {
            length = ReadUInt32(rest[4..], isBigEndian);
        }
        else if (HasShortLength(rest[4], rest[5]))
        {
            length = ReadUInt16(rest[6..], isBigEndian);
        }
        else
        {
            size = 12;
            if (rest.Length < 12)
                return false;
            length = ReadUInt32(rest[8..], isBigEndian);
            isUnknown = rest[4] == 'U' && rest[5] == 'N';
        }

        return true;
    }

    private bool Skip(uint length)
    {
        if (length > (uint)(_bytes.Length - _position))
            return false;
        _position += (int)length;
        return true;
    }

    private void Enter(bool isUnknown)
    {
        _depth++;
        if (isUnknown && _unknownDepth == 0)
            _unknownDepth = _depth;
    }

    private void Leave()
    {
        if (_depth > 0)
            _depth--;
        if (_depth < _unknownDepth)
            _unknownDepth = 0;
    }

    /// <summary>PS3.5 §7.1.2: the VRs with a length of two bytes. Every other, those yet to be invented included, has four.</summary>
    private static bool HasShortLength(byte first, byte second) => ((char)first, (char)second) is
        ('A', 'E' or 'S' or 'T') or ('C', 'S') or ('D', 'A' or 'S' or 'T') or ('F', 'D' or 'L') or ('I', 'S') or ('L', 'O' or 'T')
        or ('P', 'N') or ('S', 'H' or 'L' or 'S' or 'T') or ('T', 'M') or ('U', 'I' or 'L' or 'S');

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
