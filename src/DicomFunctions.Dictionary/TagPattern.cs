using System.Numerics;

namespace DicomFunctions.Dictionary;

/// <summary>The tags of a repeating group, such as 60xx0010.</summary>
internal readonly record struct TagPattern(uint Mask, uint Lowest)
{
    /// <summary>The tag after <see cref="Lowest"/>: its last varying digit is 1.</summary>
    public uint Second => Lowest + (1u << BitOperations.TrailingZeroCount(~Mask));

    /// <summary>Parses eight hex digits, with <c>x</c> for those that vary.</summary>
    public static TagPattern Parse(ReadOnlySpan<byte> digits)
    {
        var (mask, lowest) = (0u, 0u);
        foreach (var digit in digits)
        {
            var isFixed = digit != (byte)'x';
            mask = (mask << 4) | (isFixed ? 0xFu : 0);
            lowest = (lowest << 4) | (isFixed ? (uint)HexValue(digit) : 0);
        }

        return new TagPattern(mask, lowest);
    }

    public bool Matches(uint tag) => (tag & Mask) == Lowest;

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : digit - 'A' + 10;
}
