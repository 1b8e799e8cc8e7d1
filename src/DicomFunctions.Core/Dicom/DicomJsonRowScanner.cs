using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using System.Text.Unicode;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Finds the data sets in a DICOM JSON array (PS3.18 §F.2) while its bytes arrive, without parsing them: each is copied on as it came.
/// </summary>
/// <remarks>
/// <para>
/// What it gives is well-formed JSON in UTF-8. Sixty-four bytes are classified at a time, neighbouring tokens are checked together, and
/// only brackets, colons and commas are visited one by one. The rare data sets with escapes, words or numbers of more than digits are
/// read once more, by a JSON reader.
/// </para>
/// <para>The scanner keeps no bytes: the caller holds a data set's bytes until it is whole, and passes them again with more.</para>
/// </remarks>
internal struct DicomJsonRowScanner
{
    private const int MaxDepth = 64;

    /// <summary>The control characters that are no white space.</summary>
    private static readonly SearchValues<byte> NoSpaces = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b).Except("\t\n\r"u8.ToArray())]);

    private readonly ulong _key;
    private Place _place;

    // Within a data set, up to the block boundary `_scanned`:
    private int _scanned;
    private int _depth;
    private ulong _kinds;

    /// <summary>1 where a value may stand, or stood: in an array, and behind a colon. 0 where a key is due.</summary>
    private ulong _mayHaveValue;

    private JsonTokens _tokens;
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
        Check(text);
        row = new DicomJsonRow
        {
            Start = start,
            Length = length,
            HasControls = _tokens.HasControls,
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
                (_scanned, _depth, _kinds, _mayHaveValue, _tokens) = (0, 0, 0, 1, default);
                (_valueStart, _valueEnd) = (-1, -1);
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
            if (rest.Length < Bytes64.Count)
                return FindEndInTail(text, rest);
            var end = ScanBlock(text, rest);
            if (end >= 0)
                return end;
            _scanned += Bytes64.Count;
        }

        return -1;
    }

    /// <summary>Looks at less than a block; what it learns is forgotten, and found again when the block is full.</summary>
    private int FindEndInTail(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest)
    {
        Span<byte> block = stackalloc byte[Bytes64.Count];
        block.Fill((byte)' ');
        rest.CopyTo(block);
        var before = this;
        var end = ScanBlock(text, block);
        if (end < 0)
            this = before;
        return end;
    }

    /// <summary>Looks at the next block. Gives the data set's length when it ends there, or -1.</summary>
    private int ScanBlock(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes)
    {
        var block = new Bytes64(bytes);
        if (_tokens.TryTakeString(block))
            return -1;
        _tokens.Take(block, out var visits, out var afterOpen, out var marks);
        var (kinds, depth, mayHaveValue, defects) = (_kinds, _depth, _mayHaveValue, 0UL);
        var upTo = ulong.MaxValue;
        for (; visits != 0; visits &= visits - 1)
        {
            var bit = BitOperations.TrailingZeroCount(visits);
            switch (bytes[bit])
            {
                case (byte)':': // Behind a string. Is that a key?
                    defects |= mayHaveValue;
                    mayHaveValue = 1;
                    break;
                case (byte)',':
                    defects |= mayHaveValue ^ 1;
                    mayHaveValue = (kinds & 1) ^ 1;
                    break;
                case (byte)'{':
                case (byte)'[':
                    if (depth == MaxDepth)
                        throw new JsonException($"A data set is nested over {MaxDepth} levels deep.");
                    defects |= mayHaveValue ^ 1;
                    mayHaveValue = bytes[bit] == (byte)'[' ? 1UL : 0UL;
                    kinds = (kinds << 1) | (mayHaveValue ^ 1);
                    if (++depth == 2 && _valueStart < 0 && IsKeyBefore(text[..(_scanned + bit)]))
                        _valueStart = _scanned + bit;
                    break;
                default:
                    // Of the kind of the bracket it closes; behind a value, or empty.
                    defects |= (kinds & 1) ^ (bytes[bit] == (byte)'}' ? 1UL : 0UL);
                    defects |= ((mayHaveValue | (afterOpen >> bit)) & 1) ^ 1;
                    mayHaveValue = 1;
                    kinds >>= 1;
                    if (--depth == 1 && _valueStart >= 0 && _valueEnd < 0)
                        _valueEnd = _scanned + bit;
                    if (depth == 0)
                        (upTo, visits) = ((2UL << bit) - 1, 0);
                    break;
            }
        }

        if (defects != 0)
            throw new JsonException(JsonTokens.Malformed);
        _tokens.Judge(marks, upTo);
        (_kinds, _depth, _mayHaveValue) = (kinds, depth, mayHaveValue);
        return depth == 0 ? _scanned + BitOperations.PopCount(upTo) : -1;
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

    /// <summary>Judges what the blocks could not, where there is such.</summary>
    private readonly void Check(ReadOnlySpan<byte> text)
    {
        if (_tokens.HasControls && text.ContainsAny(NoSpaces))
            throw new JsonException("A control character stands between tokens.");
        if (_tokens.HasHighs && !Utf8.IsValid(text))
            throw new JsonException("A data set is not in UTF-8.");
        if (!_tokens.NeedsReader)
            return;
        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
        }
    }
}
