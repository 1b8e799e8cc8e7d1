using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Separates strings from the tokens between them, and checks that every token may follow the one before (RFC 8259), 64 bytes at once:
/// everything that can be checked without knowing the surrounding brackets.
/// </summary>
internal struct JsonTokens
{
    public const string Malformed = "A data set is not well-formed JSON.";

    private const byte FirstPrintable = 0x20;
    private const int LastBit = Bytes64.Count - 1;

    private bool _inString;
    private bool _escaped;

    // Whether the next token follows one of this kind, with any white space in between; 0 or 1.
    private ulong _afterEnd;
    private ulong _afterString;
    private ulong _afterOpen;

    // Whether the next byte may continue a number or literal; 0 or 1.
    private ulong _afterScalar;

    private ulong _odd;
    private ulong _controls;
    private ulong _highs;

    /// <summary>Whether there are tokens that only a JSON reader can validate: escapes, literals, numbers of more than digits.</summary>
    public readonly bool NeedsReader => _odd != 0;

    /// <summary>Whether there are line breaks, tabs or other control characters between tokens.</summary>
    public readonly bool HasControls => _controls != 0;

    /// <summary>Whether some bytes are not ASCII.</summary>
    public readonly bool HasHighs => _highs != 0;

    /// <summary>Takes the next block if it lies within a string, so that nothing needs checking; otherwise returns false.</summary>
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
    /// <param name="block">The block.</param>
    /// <param name="visits">The brackets, colons and commas outside strings, which the caller must check.</param>
    /// <param name="afterOpen">The tokens directly after an opening bracket.</param>
    /// <param name="marks">The input of <see cref="Judge"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(Bytes64 block, out ulong visits, out ulong afterOpen, out Marks marks)
    {
        var backslashes = block.Are('\\');
        var quotes = block.Are('"');
        if (backslashes != 0 || _escaped)
            quotes &= ~Escaped(backslashes);
        var inside = PrefixXor(quotes); // From each opening quote up to, but not including, the closing one.
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

    /// <summary>Validates the bytes of a block that are in <paramref name="upTo"/>; those after may belong to the next data set.</summary>
    /// <exception cref="JsonException">The bytes are not valid JSON.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Judge(Marks marks, ulong upTo)
    {
        if ((marks.Misplaced & upTo) != 0)
            throw new JsonException(Malformed);
        if ((marks.Controls & marks.Inside & upTo) != 0)
            throw new JsonException("A string in a data set has an unescaped control character.");
        _odd |= marks.Odd & upTo;
        _controls |= marks.Controls & upTo;
    }

    /// <summary>The first positions after <paramref name="ends"/> that are not white space.</summary>
    /// <param name="ends">The ends of tokens.</param>
    /// <param name="spaces">The white space.</param>
    /// <param name="pending">Whether the previous block ended before such a position; updated for the next block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong After(ulong ends, ulong spaces, ref ulong pending)
    {
        var next = (ends << 1) | pending;
        // Each such position in white space starts a run: the addition carries through the run to the first byte after it.
        var carried = spaces + (next & spaces);
        pending = (ends >> LastBit) | (carried < spaces ? 1UL : 0UL);
        return (next | carried) & ~spaces;
    }

    /// <summary>The bytes that a backslash escapes. A backslash at the end carries over to the next block.</summary>
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

    /// <summary>Bit n of the result is 1 if an odd number of bits 0 to n are set.</summary>
    private static ulong PrefixXor(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    /// <summary>What was found in a block.</summary>
    /// <param name="Misplaced">Tokens that may not follow the one before.</param>
    /// <param name="Odd">Bytes that only a JSON reader can validate.</param>
    /// <param name="Controls">Control characters.</param>
    /// <param name="Inside">Bytes within strings.</param>
    public readonly record struct Marks(ulong Misplaced, ulong Odd, ulong Controls, ulong Inside);
}
