using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Finds the data sets in a DICOM JSON array (PS3.18 §F.2) while its bytes arrive, without parsing them: each is copied on as it came.
/// </summary>
/// <remarks>
/// <para>
/// Sixty-four bytes are classified at a time and only brackets outside strings are visited. Checked are: the array and its separators,
/// that every bracket closes its own kind, that strings close and hold no raw control characters, and, where letters stand outside
/// strings, the whole data set's grammar.
/// </para>
/// <para>The scanner keeps no bytes: the caller holds a data set's bytes until it is whole, and passes them again with more.</para>
/// </remarks>
internal struct DicomJsonRowScanner
{
    private const int BlockSize = 64;
    private const int MaxDepth = 64;

    private readonly ulong _key;
    private Place _place;

    // Within a data set, up to the block boundary `_scanned`:
    private int _scanned;
    private int _depth;
    private ulong _kinds;
    private bool _inString;
    private bool _escaped;
    private bool _hasControls;
    private bool _hasLetters;
    private int _valueStart;
    private int _valueEnd;

    /// <param name="identifyingTag">The attribute that tells data sets apart, as eight hex digits: 0020000D, 0020000E or 00080018.</param>
    public DicomJsonRowScanner(ReadOnlySpan<byte> identifyingTag)
    {
        Debug.Assert(identifyingTag.Length == 8);
        _key = BitConverter.ToUInt64(identifyingTag);
        _valueStart = -1;
    }

    /// <summary>A scanner for one data set that stands alone, outside an array.</summary>
    public static DicomJsonRowScanner ForOne(ReadOnlySpan<byte> identifyingTag) => new(identifyingTag) { _place = Place.BeforeFirst };

    private enum Place
    {
        BeforeArray,
        BeforeFirst,
        BeforeRow,
        InRow,
        AfterRow,
        AfterArray,
    }

    /// <summary>Whether the array has ended.</summary>
    public readonly bool IsComplete => _place == Place.AfterArray;

    /// <summary>
    /// Looks for the next whole data set in <paramref name="bytes"/>, which start where the last call's <paramref name="consumed"/> ended.
    /// </summary>
    /// <param name="bytes">What has arrived and was not consumed.</param>
    /// <param name="consumed">How many bytes the caller need not pass again; the data set found lies within them.</param>
    /// <param name="row">Where the data set and its identifying attribute's value lie in <paramref name="bytes"/>.</param>
    /// <returns>True when one was found; false when more bytes are wanted, or the array is complete.</returns>
    /// <exception cref="JsonException">This is not an array of DICOM JSON data sets.</exception>
    public bool TryRead(ReadOnlySpan<byte> bytes, out int consumed, out DicomJsonRow row)
    {
        row = default;
        consumed = 0;
        while (_place != Place.InRow)
        {
            if (consumed == bytes.Length)
                return false;
            Step(bytes[consumed], out var skip);
            if (skip)
                consumed++;
        }

        var start = consumed;
        var length = FindEnd(bytes[start..]);
        if (length < 0)
            return false;

        var text = bytes.Slice(start, length);
        if (_hasLetters)
            Validate(text);
        row = new DicomJsonRow
        {
            Start = start,
            Length = length,
            HasControls = _hasControls,
            UidRange = Uid(text),
        };
        consumed = start + length;
        _place = Place.AfterRow;
        return true;
    }

    private void Step(byte b, out bool skip)
    {
        skip = true;
        if (b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            return;
        switch (_place, b)
        {
            case (Place.BeforeArray, (byte)'['):
                _place = Place.BeforeFirst;
                break;
            case (Place.BeforeFirst or Place.BeforeRow, (byte)'{'):
                _place = Place.InRow;
                (_scanned, _depth, _kinds, _valueStart, _valueEnd) = (0, 0, 0, -1, -1);
                (_inString, _escaped, _hasControls, _hasLetters) = (false, false, false, false);
                skip = false;
                break;
            case (Place.AfterRow, (byte)','):
                _place = Place.BeforeRow;
                break;
            case (Place.BeforeFirst or Place.AfterRow, (byte)']'):
                _place = Place.AfterArray;
                break;
            case (Place.BeforeArray, _):
                throw new JsonException("The answer is not a JSON array.");
            case (Place.AfterArray, _):
                throw new JsonException("Something follows the JSON array.");
            default:
                throw new JsonException("A DICOM JSON object, a comma or the end of the array was expected.");
        }
    }

    /// <summary>The data set's length, or -1 when it is not whole yet. State is kept at block boundaries only.</summary>
    private int FindEnd(ReadOnlySpan<byte> text)
    {
        while (_scanned < text.Length)
        {
            var rest = text[_scanned..];
            if (rest.Length < BlockSize)
                return FindEndInTail(text, rest);
            var end = ScanBlock(text, rest);
            if (end >= 0)
                return end;
            _scanned += BlockSize;
        }

        return -1;
    }

    /// <summary>Looks at less than a block; what it learns is forgotten, and found again when the block is full.</summary>
    private int FindEndInTail(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        block.Fill((byte)' ');
        rest.CopyTo(block);
        var before = this;
        var end = ScanBlock(text, block);
        if (end < 0)
            this = before;
        return end;
    }

    private int ScanBlock(ReadOnlySpan<byte> text, ReadOnlySpan<byte> block)
    {
        Classify(block, out var quotes, out var backslashes, out var opens, out var closes, out var controls, out var letters);
        if (backslashes != 0 || _escaped)
            quotes &= ~Escaped(backslashes);

        var inside = PrefixXor(quotes);
        if (_inString)
            inside = ~inside;

        var brackets = (opens | closes) & ~inside;
        while (brackets != 0)
        {
            var bit = BitOperations.TrailingZeroCount(brackets);
            brackets &= brackets - 1;
            var position = _scanned + bit;
            if ((opens & (1UL << bit)) != 0)
            {
                if (_depth == MaxDepth)
                    throw new JsonException($"A data set is nested over {MaxDepth} levels deep.");
                _kinds = (_kinds << 1) | (block[bit] == (byte)'{' ? 1UL : 0UL);
                if (++_depth == 2 && _valueStart < 0 && IsKeyBefore(text[..position]))
                    _valueStart = position;
            }
            else
            {
                if ((_kinds & 1) != (block[bit] == (byte)'}' ? 1UL : 0UL))
                    throw new JsonException("A bracket is closed by one of another kind.");
                _kinds >>= 1;
                _depth--;
                if (_depth == 1 && _valueStart >= 0 && _valueEnd < 0)
                {
                    _valueEnd = position;
                }
                else if (_depth == 0)
                {
                    var upTo = (2UL << bit) - 1;
                    Note(controls & upTo, letters & upTo, inside);
                    return position + 1;
                }
            }
        }

        Note(controls, letters, inside);
        _inString = (inside >> (BlockSize - 1)) != 0;
        return -1;
    }

    private void Note(ulong controls, ulong letters, ulong inside)
    {
        if ((controls & inside) != 0)
            throw new JsonException("A string holds a raw control character.");
        _hasControls |= controls != 0;
        _hasLetters |= (letters & ~inside) != 0;
    }

    /// <summary>Which bytes a backslash takes their meaning from; carries a last backslash over to the next block.</summary>
    private ulong Escaped(ulong backslashes)
    {
        var escaped = _escaped ? 1UL : 0UL;
        backslashes &= ~escaped;
        _escaped = false;
        while (backslashes != 0)
        {
            var bit = BitOperations.TrailingZeroCount(backslashes);
            if (bit == BlockSize - 1)
            {
                _escaped = true;
                break;
            }

            escaped |= 2UL << bit;
            backslashes &= ~(3UL << bit);
        }

        return escaped;
    }

    /// <summary>Bit n of the result: whether an odd number of bits 0..n are set.</summary>
    private static ulong PrefixXor(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    private static void Classify(
        ReadOnlySpan<byte> block,
        out ulong quotes,
        out ulong backslashes,
        out ulong opens,
        out ulong closes,
        out ulong controls,
        out ulong letters)
    {
        (quotes, backslashes, opens, closes, controls, letters) = (0, 0, 0, 0, 0, 0);
        for (var i = 0; i < BlockSize; i += Vector256<byte>.Count)
        {
            var bytes = Vector256.Create(block.Slice(i, Vector256<byte>.Count));
            var lower = bytes | Vector256.Create((byte)0x20);
            quotes |= (ulong)Vector256.Equals(bytes, Vector256.Create((byte)'"')).ExtractMostSignificantBits() << i;
            backslashes |= (ulong)Vector256.Equals(bytes, Vector256.Create((byte)'\\')).ExtractMostSignificantBits() << i;
            opens |= (ulong)Vector256.Equals(lower, Vector256.Create((byte)'{')).ExtractMostSignificantBits() << i;
            closes |= (ulong)Vector256.Equals(lower, Vector256.Create((byte)'}')).ExtractMostSignificantBits() << i;
            controls |= (ulong)Vector256.LessThan(bytes, Vector256.Create((byte)0x20)).ExtractMostSignificantBits() << i;
            letters |= (ulong)Vector256.LessThan(lower - Vector256.Create((byte)'a'), Vector256.Create((byte)26)).ExtractMostSignificantBits() << i;
        }
    }

    /// <summary>Whether <c>"TAG":</c> stands right before, white space allowed around the colon.</summary>
    private readonly bool IsKeyBefore(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        SkipBack(text, ref end);
        if (end == 0 || text[--end] != (byte)':')
            return false;
        SkipBack(text, ref end);
        return end >= 10 && text[end - 1] == (byte)'"' && text[end - 10] == (byte)'"'
            && BitConverter.ToUInt64(text.Slice(end - 9, 8)) == _key;

        static void SkipBack(ReadOnlySpan<byte> text, ref int end)
        {
            while (end > 0 && text[end - 1] <= (byte)' ')
                end--;
        }
    }

    private readonly Range Uid(ReadOnlySpan<byte> text)
    {
        if (_valueStart < 0 || _valueEnd < 0)
            return default;
        var value = text[_valueStart.._valueEnd];
        var start = value.IndexOf("\"Value\""u8);
        if (start < 0)
            return default;
        start += 7;
        if (!Skip(value, (byte)':', ref start) || !Skip(value, (byte)'[', ref start) || !Skip(value, (byte)'"', ref start))
            return default;
        var length = value[start..].IndexOf((byte)'"');
        return length < 0 ? default : (_valueStart + start)..(_valueStart + start + length);

        // An attribute that is present but empty has something else here, and other strings after it.
        static bool Skip(ReadOnlySpan<byte> text, byte token, ref int at)
        {
            while (at < text.Length && text[at] <= (byte)' ')
                at++;
            return at < text.Length && text[at++] == token;
        }
    }

    private static void Validate(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
        }
    }
}
