namespace DicomFunctions.Bench;

internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two middle values.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest and the largest value, to show how much to trust the median.</summary>
    public static string Range(this IEnumerable<double> values, string format)
    {
        var sorted = values.Order().ToArray();
        return $"{sorted[0].ToString(format, null)}–{sorted[^1].ToString(format, null)}";
    }
}
