using System.Buffers;
using System.Numerics;
using System.Text.Json;
using System.Text.Unicode;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Finds the data sets in a DICOM JSON array (PS3.18 §F.2) as its bytes arrive, without parsing them, so that they can be copied unchanged.
/// </summary>
/// <remarks>
/// <para>
/// Every row it returns is well-formed JSON in UTF-8, unless it is too deep. It classifies 64 bytes at once, checks neighbouring tokens
/// in bulk, and visits only brackets, colons and commas one by one. The rare data sets with escapes, literals, or numbers of more than
/// digits are then read by a JSON reader.
/// </para>
/// <para>The scanner keeps no bytes: the caller holds an incomplete data set and passes it again with more bytes.</para>
/// </remarks>
internal struct DicomJsonRowScanner
{
    /// <summary>The maximum nesting depth in JSON objects and arrays: 170 sequences. Structured reports have about 20.</summary>
    public const int MaxDepth = 512;

    /// <summary>The control characters other than white space.</summary>
    private static readonly SearchValues<byte> NoSpaces = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(b => (byte)b).Except("\t\n\r"u8.ToArray())]);

    private readonly DicomJsonLevel _level;
    private Place _place;

    // Within a data set, up to the block boundary `_scanned`:
    private int _scanned;
    private int _depth;
    private bool _isTooDeep;

    /// <summary>The kinds of the 64 innermost open brackets, the innermost in the lowest bit: 1 for an object.</summary>
    private ulong _kinds;
    private OuterBrackets _outer;

    /// <summary>1 where a value is allowed or has just ended: in an array, or after a colon. 0 where a key must follow.</summary>
    private ulong _mayHaveValue;

    private JsonTokens _tokens;
    private DicomJsonUidFinder _uids;

    /// <param name="level">The level whose UIDs to find, with those of the levels above.</param>
    public DicomJsonRowScanner(DicomJsonLevel level) => _level = level;

    /// <summary>A scanner for a single data set outside an array.</summary>
    public static DicomJsonRowScanner ForOne(DicomJsonLevel level) => new(level) { _place = Place.BeforeFirst };

    private enum Place
    {
        BeforeAll,
        InByteOrderMark,
        AtEndOfByteOrderMark,
        BeforeArray,
        BeforeFirst,
        BeforeRow,
        InRow,
        AfterRow,
        AfterArray,
    }

    /// <summary>Whether the bytes so far are only white space or a byte order mark.</summary>
    public readonly bool IsBlank => _place is Place.BeforeAll or Place.BeforeArray;

    /// <summary>Whether the array has ended.</summary>
    public readonly bool IsComplete => _place == Place.AfterArray;

    /// <summary>
    /// Finds the next complete data set in <paramref name="bytes"/>, which start where <paramref name="consumed"/> of the last call ended.
    /// </summary>
    /// <param name="bytes">The bytes that have arrived and were not consumed.</param>
    /// <param name="consumed">How many bytes the caller need not pass again. They include the data set that was found.</param>
    /// <param name="row">The positions of the data set and its UIDs in <paramref name="bytes"/>.</param>
    /// <returns>True if a data set was found; false if more bytes are needed, or the array is complete.</returns>
    /// <exception cref="JsonException">The bytes are not an array of DICOM JSON data sets.</exception>
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
        if (!_isTooDeep)
            Check(text);
        row = new DicomJsonRow
        {
            Start = start,
            Length = length,
            HasControls = _tokens.HasControls,
            IsTooDeep = _isTooDeep,
            Uids = _uids.Find(text),
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
            // RFC 8259 §8.1 forbids writing a byte order mark, but lets readers ignore one.
            case (Place.BeforeAll, 0xEF):
                _place = Place.InByteOrderMark;
                break;
            case (Place.InByteOrderMark, 0xBB):
                _place = Place.AtEndOfByteOrderMark;
                break;
            case (Place.AtEndOfByteOrderMark, 0xBF):
                _place = Place.BeforeArray;
                break;
            case (Place.BeforeAll or Place.BeforeArray, (byte)'['):
                _place = Place.BeforeFirst;
                break;
            case (Place.BeforeFirst or Place.BeforeRow, (byte)'{'):
                _place = Place.InRow;
                (_scanned, _depth, _isTooDeep, _kinds, _mayHaveValue, _tokens) = (0, 0, false, 0, 1, default);
                _uids = new DicomJsonUidFinder(_level);
                skip = false;
                break;
            case (Place.AfterRow, (byte)','):
                _place = Place.BeforeRow;
                break;
            case (Place.BeforeFirst or Place.AfterRow, (byte)']'):
                _place = Place.AfterArray;
                break;
            case (Place.BeforeAll or Place.InByteOrderMark or Place.AtEndOfByteOrderMark or Place.BeforeArray, _):
                throw new JsonException("The answer is not a JSON array.");
            case (Place.AfterArray, _):
                throw new JsonException("Unexpected content after the JSON array.");
            default:
                throw new JsonException("Expected a DICOM JSON object, a comma or the end of the array.");
        }
    }

    /// <summary>The data set's length, or -1 if it is incomplete. The state advances only at block boundaries.</summary>
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

    /// <summary>Scans an incomplete block. Unless the data set ends there, restores the state to scan the block again when full.</summary>
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

    /// <summary>Scans the next block. Returns the data set's length if it ends there, or -1.</summary>
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
                case (byte)':': // Follows a string, which must be a key.
                    defects |= mayHaveValue;
                    mayHaveValue = 1;
                    break;
                case (byte)',':
                    defects |= mayHaveValue ^ 1;
                    mayHaveValue = (kinds & 1) ^ 1;
                    break;
                case (byte)'{':
                case (byte)'[':
                    defects |= mayHaveValue ^ 1;
                    mayHaveValue = bytes[bit] == (byte)'[' ? 1UL : 0UL;
                    if (depth >= OuterBrackets.Inner)
                        _isTooDeep |= !_outer.TryPush(kinds, depth);
                    kinds = (kinds << 1) | (mayHaveValue ^ 1);
                    if (++depth == 2 && _uids.IsMissingAny)
                        _uids.Open(text[..(_scanned + bit)]);
                    break;
                default:
                    // The bracket must be of the kind it closes, and follow a value or its opening bracket.
                    defects |= (kinds & 1) ^ (bytes[bit] == (byte)'}' ? 1UL : 0UL);
                    defects |= ((mayHaveValue | (afterOpen >> bit)) & 1) ^ 1;
                    mayHaveValue = 1;
                    kinds >>= 1;
                    if (--depth >= OuterBrackets.Inner)
                        kinds |= _outer.Pop(depth);
                    if (depth == 1)
                        _uids.Close(_scanned + bit);
                    if (depth == 0)
                        (upTo, visits) = ((2UL << bit) - 1, 0);
                    break;
            }
        }

        if (defects != 0 && !_isTooDeep)
            throw new JsonException(JsonTokens.Malformed);
        _tokens.Judge(marks, upTo);
        (_kinds, _depth, _mayHaveValue) = (kinds, depth, mayHaveValue);
        return depth == 0 ? _scanned + BitOperations.PopCount(upTo) : -1;
    }

    /// <summary>Checks what the scan of the blocks could not.</summary>
    private readonly void Check(ReadOnlySpan<byte> text)
    {
        if (_tokens.HasControls && text.ContainsAny(NoSpaces))
            throw new JsonException("A data set has a control character between tokens.");
        if (_tokens.HasHighs && !Utf8.IsValid(text))
            throw new JsonException("A data set is not valid UTF-8.");
        if (!_tokens.NeedsReader)
            return;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            // The reader's message may quote the data set, and so identify a patient.
            throw new JsonException(JsonTokens.Malformed);
        }
    }
}
