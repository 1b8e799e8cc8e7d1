using System.Runtime.CompilerServices;

namespace DicomFunctions.Core.Dicom;

/// <summary>The kinds of open brackets beyond the 64 innermost, which <see cref="DicomJsonRowScanner"/> holds in one word.</summary>
[InlineArray((DicomJsonRowScanner.MaxDepth / Inner) - 1)]
internal struct OuterBrackets
{
    /// <summary>How many brackets the scanner holds itself.</summary>
    public const int Inner = 64;

    private ulong _first;

    /// <summary>Keeps the kind of the outermost bracket in <paramref name="inner"/>, before one more opens; false beyond the greatest depth.</summary>
    /// <param name="inner">The kinds of the 64 innermost.</param>
    /// <param name="depth">How many are open: 64 or more.</param>
    public bool TryPush(ulong inner, int depth)
    {
        if (depth >= DicomJsonRowScanner.MaxDepth)
            return false;
        var (word, bit) = Math.DivRem(depth - Inner, Inner);
        this[word] = (this[word] & ~(1UL << bit)) | ((inner >> (Inner - 1)) << bit);
        return true;
    }

    /// <summary>What was kept at this depth, at its place in the word.</summary>
    public readonly ulong Pop(int depth)
    {
        if (depth >= DicomJsonRowScanner.MaxDepth)
            return 0;
        var (word, bit) = Math.DivRem(depth - Inner, Inner);
        return (this[word] >> bit) << (Inner - 1);
    }
}
