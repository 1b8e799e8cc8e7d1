using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Tells strings from what stands between them, and checks that every token may follow the one before it (RFC 8259), 64 bytes at a
/// time, a bit for each: whatever needs no knowledge of the brackets around it.
/// </summary>
internal struct JsonTokens
{
    public const string Malformed = "A data set is not well-formed JSON.";

    private const byte FirstPrintable = 0x20;
    private const int LastBit = Bytes64.Count - 1;

    private bool _inString;
    private bool _escaped;

    // Whether the next token follows one of a kind, however much white space lies between; 0 or 1.
    private ulong _afterEnd;
    private ulong _afterString;
    private ulong _afterOpen;

    // Whether the next byte goes on with a number or word; 0 or 1.
    private ulong _afterScalar;

    private ulong _odd;
    private ulong _controls;
    private ulong _highs;

    /// <summary>There may be something wrong that is left to a JSON reader: escapes, words, numbers of more than digits.</summary>
    public readonly bool NeedsReader => _odd != 0;

    /// <summary>Line breaks, tabs or other control characters stand between tokens.</summary>
    public readonly bool HasControls => _controls != 0;

    /// <summary>Some bytes are not ASCII.</summary>
    public readonly bool HasHighs => _highs != 0;

    /// <summary>Whether the next block is within a string from end to end, which then is all there is to say of it; takes it if so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeString(Bytes64 block)
    {
        if (!_inString || _escaped)
            return false;
        if ((block.Are('"') | block.Are('\\') | block.AreAmong(0, FirstPrintable)) != 0)
            return false;
        _highs |= block.Highs;
        return true;
    }

    /// <summary>Takes the next block.</summary>
    /// <param name="block">Its bytes.</param>
    /// <param name="visits">The brackets, colons and commas outside strings, for the caller to look at.</param>
    /// <param name="afterOpen">The tokens right after an opening bracket.</param>
    /// <param name="marks">What <see cref="Judge"/> wants to know.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(Bytes64 block, out ulong visits, out ulong afterOpen, out Marks marks)
    {
        var backslashes = block.Are('\\');
        var quotes = block.Are('"');
        if (backslashes != 0 || _escaped)
            quotes &= ~Escaped(backslashes);
        var inside = PrefixXor(quotes); // From each opening quote to before the closing one.
        if (_inString)
            inside = ~inside;
        _inString = (inside >> LastBit) != 0;

        var opens = block.AreEither('{') & ~inside;
        var closes = block.AreEither('}') & ~inside;
        var colons = block.Are(':') & ~inside;
        var commas = block.Are(',') & ~inside;
        visits = opens | closes | colons | commas;
        var spaces = block.AreAmong(0, FirstPrintable + 1) & ~inside;
        var closingQuotes = quotes & ~inside;
        var scalars = ~(inside | closingQuotes | spaces | visits);

        var starts = (quotes & inside) | opens;
        ulong odd = 0;
        if ((scalars | _afterScalar) != 0)
        {
            var scalarStarts = scalars & ~((scalars << 1) | _afterScalar);
            var zeros = scalarStarts & block.Are('0');
            odd = (scalars & ~block.AreAmong((byte)'0', 10)) | ((zeros << 1) & scalars) | (zeros & (1UL << LastBit));
            starts |= scalarStarts;
            _afterScalar = scalars >> LastBit;
        }

        var afterEnd = After(closingQuotes | closes | scalars, spaces, ref _afterEnd);
        var afterString = After(closingQuotes, spaces, ref _afterString);
        afterOpen = After(opens, spaces, ref _afterOpen);
        var misplaced = (starts & afterEnd) | (commas & ~afterEnd) | (colons & ~afterString) | (closes & ~(afterEnd | afterOpen));
        marks = new Marks(misplaced, odd | backslashes, block.AreAmong(0, FirstPrintable), inside);
        _highs |= block.Highs;
    }

    /// <summary>Judges a block up to and with the bytes of <paramref name="upTo"/>: what stands behind may be the next data set's.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Judge(Marks marks, ulong upTo)
    {
        if ((marks.Misplaced & upTo) != 0)
            throw new JsonException(Malformed);
        if ((marks.Controls & marks.Inside & upTo) != 0)
            throw new JsonException("A string holds a raw control character.");
        _odd |= marks.Odd & upTo;
        _controls |= marks.Controls & upTo;
    }

    /// <summary>The places right after <paramref name="ends"/>, white space passed over; <paramref name="pending"/> is carried from block to block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong After(ulong ends, ulong spaces, ref ulong pending)
    {
        var next = (ends << 1) | pending;
        // Each place on white space is at the start of its run: adding it to the run carries it to the first byte behind.
        var carried = spaces + (next & spaces);
        pending = (ends >> LastBit) | (carried < spaces ? 1UL : 0UL);
        return (next | carried) & ~spaces;
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
            if (bit == LastBit)
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

    /// <summary>What a block has.</summary>
    /// <param name="Misplaced">Tokens that may not follow the one before.</param>
    /// <param name="Odd">What only a JSON reader can judge.</param>
    /// <param name="Controls">Control characters.</param>
    /// <param name="Inside">What is within strings.</param>
    public readonly record struct Marks(ulong Misplaced, ulong Odd, ulong Controls, ulong Inside);
}
