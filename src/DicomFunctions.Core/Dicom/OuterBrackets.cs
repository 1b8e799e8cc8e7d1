using System.Runtime.CompilerServices;

namespace DicomFunctions.Core.Dicom;

/// <summary>The kinds of the open brackets outside the 64 innermost, which <see cref="DicomJsonRowScanner"/> holds in one word.</summary>
[InlineArray((DicomJsonRowScanner.MaxDepth / Inner) - 1)]
internal struct OuterBrackets
{
    /// <summary>How many brackets the scanner itself holds.</summary>
    public const int Inner = 64;

    private ulong _first;

    /// <summary>Saves the outermost bracket of <paramref name="inner"/> before one more opens. False at the maximum depth.</summary>
    /// <param name="inner">The kinds of the 64 innermost brackets.</param>
    /// <param name="depth">How many brackets are open; at least 64.</param>
    public bool TryPush(ulong inner, int depth)
    {
        if (depth >= DicomJsonRowScanner.MaxDepth)
            return false;
        var (word, bit) = Math.DivRem(depth - Inner, Inner);
        this[word] = (this[word] & ~(1UL << bit)) | ((inner >> (Inner - 1)) << bit);
        return true;
    }

    /// <summary>The kind saved at this depth, in its position of the word.</summary>
    public readonly ulong Pop(int depth)
    {
        if (depth >= DicomJsonRowScanner.MaxDepth)
            return 0;
        var (word, bit) = Math.DivRem(depth - Inner, Inner);
        return (this[word] >> bit) << (Inner - 1);
    }
}
