using System.Buffers;
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
    /// <summary>The deepest a data set may be nested, in JSON objects and arrays: 170 sequences. Structured reports reach some 20.</summary>
    public const int MaxDepth = 512;

    /// <summary>The control characters that are no white space.</summary>
    private static readonly SearchValues<byte> NoSpaces = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b).Except("\t\n\r"u8.ToArray())]);

    private readonly DicomJsonLevel _level;
    private Place _place;

    // Within a data set, up to the block boundary `_scanned`:
    private int _scanned;
    private int _depth;
    private bool _isTooDeep;

    /// <summary>A bit for each of the 64 innermost open brackets, the innermost lowest: 1 for an object.</summary>
    private ulong _kinds;
    private OuterBrackets _outer;

    /// <summary>1 where a value may stand, or stood: in an array, and behind a colon. 0 where a key is due.</summary>
    private ulong _mayHaveValue;

    private JsonTokens _tokens;
    private DicomJsonUidFinder _uids;

    /// <param name="level">Which UIDs to look for: those of the level and above.</param>
    public DicomJsonRowScanner(DicomJsonLevel level) => _level = level;

    /// <summary>A scanner for one data set that stands alone, outside an array.</summary>
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

    /// <summary>Whether nothing came yet but white space, or a byte order mark.</summary>
    public readonly bool IsBlank => _place is Place.BeforeAll or Place.BeforeArray;

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
            // RFC 8259 §8.1 forbids to write a byte order mark, and allows to pass over one.
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
                    defects |= mayHaveValue ^ 1;
                    mayHaveValue = bytes[bit] == (byte)'[' ? 1UL : 0UL;
                    if (depth >= OuterBrackets.Inner)
                        _isTooDeep |= !_outer.TryPush(kinds, depth);
                    kinds = (kinds << 1) | (mayHaveValue ^ 1);
                    if (++depth == 2 && _uids.IsMissingAny)
                        _uids.Open(text[..(_scanned + bit)]);
                    break;
                default:
                    // Of the kind of the bracket it closes; behind a value, or empty.
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

    /// <summary>Judges what the blocks could not, where there is such.</summary>
    private readonly void Check(ReadOnlySpan<byte> text)
    {
        if (_tokens.HasControls && text.ContainsAny(NoSpaces))
            throw new JsonException("A control character stands between tokens.");
        if (_tokens.HasHighs && !Utf8.IsValid(text))
            throw new JsonException("A data set is not in UTF-8.");
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
            // The reader's own message may quote the data set, and with it a patient.
            throw new JsonException(JsonTokens.Malformed);
        }
    }
}
