using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Walks the top-level elements of a data set (PS3.5 §7) that arrives in pieces. Skips sequences of any depth without recursion, and
/// values of any length without buffering them. Invalid bytes yield meaningless elements or <see cref="DataSetStep.Cut"/>, but each step
/// advances by at least eight bytes.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct DataSetCursor(DataSetEncoding encoding)
{
    private const uint Undefined = uint.MaxValue;
    private const uint Item = 0xFFFE_E000;
    private const uint ItemDelimitation = 0xFFFE_E00D;
    private const uint SequenceDelimitation = 0xFFFE_E0DD;

    private int _headerSize;
    private uint _length;
    private int _depth;        // number of open sequences and items of undefined length
    private int _unknownDepth; // depth of the outermost UN of undefined length, whose content is implicit little endian (PS3.5 §6.2.2)

    /// <summary>Group and element of the current element.</summary>
    public uint Tag { get; private set; }

    /// <summary>The length of the current element's value; 0 if it is undefined.</summary>
    public readonly uint ValueLength => _length;

    /// <summary>The number of bytes to skip before the next element.</summary>
    public long Pending { get; private set; }

    /// <summary>Moves to the next top-level element.</summary>
    /// <param name="bytes">
    /// The bytes after those consumed so far. Consumed bytes are removed from its start. After <see cref="DataSetStep.Element"/> it starts
    /// with the element, whose remaining bytes the next step skips.
    /// </param>
    public DataSetStep MoveNext(ref ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            if (!TryPass(ref bytes))
                return DataSetStep.Cut;
            if (bytes.IsEmpty && _depth == 0)
                return DataSetStep.End;
            if (!TryReadElementHeader(bytes, out var tag, out var length, out _headerSize, out var isUnknown))
                return DataSetStep.Cut;
            Pending = _headerSize;
            if (tag is ItemDelimitation or SequenceDelimitation)
            {
                Leave();
                continue;
            }

            var isTopLevel = _depth == 0;
            if (length == Undefined)
                Enter(isUnknown);
            _length = length == Undefined ? 0 : length;
            Pending += _length;
            if (!isTopLevel || tag == Item)
                continue;
            Tag = tag;
            return DataSetStep.Element;
        }
    }

    /// <summary>Skips the rest of the current element, as far as it has arrived. Returns whether it is skipped completely.</summary>
    public bool TryPass(ref ReadOnlySpan<byte> bytes)
    {
        var passed = (int)Math.Min(Pending, bytes.Length);
        bytes = bytes[passed..];
        Pending -= passed;
        return Pending == 0;
    }

    /// <summary>Gets the current element's value from bytes that start with the element. False if the value is incomplete.</summary>
    public readonly bool TryGetValue(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        var isThere = _length <= (uint)(bytes.Length - _headerSize);
        value = isThere ? bytes.Slice(_headerSize, (int)_length) : default;
        return isThere;
    }

    private readonly bool TryReadElementHeader(ReadOnlySpan<byte> rest, out uint tag, out uint length, out int size, out bool isUnknown)
    {
        (tag, length, size, isUnknown) = (0, 0, 8, false);
        if (rest.Length < 8)
            return false;
        var isBigEndian = encoding.IsBigEndian && _unknownDepth == 0;
        tag = ((uint)ReadUInt16(rest, isBigEndian) << 16) | ReadUInt16(rest[2..], isBigEndian);

        // Without two letters there is no VR: a four-byte length follows the tag, as with delimiters.
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

    /// <summary>The VRs with a two-byte length (PS3.5 §7.1.2). All others, including future ones, have a four-byte length.</summary>
    private static bool HasShortLength(byte first, byte second) => ((char)first, (char)second) is
        ('A', 'E' or 'S' or 'T') or ('C', 'S') or ('D', 'A' or 'S' or 'T') or ('F', 'D' or 'L') or ('I', 'S') or ('L', 'O' or 'T')
        or ('P', 'N') or ('S', 'H' or 'L' or 'S' or 'T') or ('T', 'M') or ('U', 'I' or 'L' or 'S');

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
