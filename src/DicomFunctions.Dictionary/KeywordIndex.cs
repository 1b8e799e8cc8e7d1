using System.Text;

namespace DicomFunctions.Dictionary;

/// <summary>Finds lines of the table by keyword. Built when the first keyword is looked up.</summary>
internal static class KeywordIndex
{
    private const int MaxLength = 128;
    private static readonly ushort[] Sorted = Sort();

    /// <summary>The line with a keyword, or -1.</summary>
    public static int IndexOf(ReadOnlySpan<char> keyword)
    {
        Span<byte> wanted = stackalloc byte[MaxLength];
        if (keyword.Length is 0 or > MaxLength || Ascii.FromUtf16(keyword, wanted, out var length) != System.Buffers.OperationStatus.Done)
            return -1;
        wanted = wanted[..length];
        var (low, high) = (0, Sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = wanted.SequenceCompareTo(AttributeTable.KeywordAt(Sorted[middle]));
            if (order == 0)
                return Sorted[middle];
            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return -1;
    }

    private static ushort[] Sort()
    {
        ushort[] sorted = [.. Enumerable.Range(0, AttributeTable.Count).Select(index => (ushort)index)];
        Array.Sort(sorted, static (one, other) => AttributeTable.KeywordAt(one).SequenceCompareTo(AttributeTable.KeywordAt(other)));
        return sorted;
    }
}
