namespace DicomFunctions.Core.Failures;

/// <summary>Counts of failures by code, most frequent first.</summary>
internal static class FailureCounts
{
    /// <summary>
    /// The most codes counted one by one, since counts are stored in the engine's history; the rest is <see cref="FailureCode.Other"/>.
    /// </summary>
    public const int MaxCodes = 32;

    /// <summary>Adds up counts of the same code.</summary>
    public static IReadOnlyList<FailureCount> Sum(IEnumerable<FailureCount> counts)
    {
        List<FailureCount> sums =
        [
            .. counts
                .GroupBy(count => count.Code, StringComparer.Ordinal)
                .Select(Add)
                .OrderBy(count => count.Code == FailureCode.Other)
                .ThenByDescending(count => count.Count)
                .ThenBy(count => count.Code, StringComparer.Ordinal),
        ];
        return sums.Count <= MaxCodes ? sums : [.. sums[..(MaxCodes - 1)], Add(sums[(MaxCodes - 1)..])];
    }

    private static FailureCount Add(IGrouping<string, FailureCount> counts) =>
        new(counts.Key, counts.Sum(count => count.Count), counts.Min(count => count.First));

    private static FailureCount Add(List<FailureCount> counts) =>
        new(FailureCode.Other, counts.Sum(count => count.Count), counts.Min(count => count.First));
}
