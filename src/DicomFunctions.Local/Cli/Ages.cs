using System.Globalization;

namespace DicomFunctions.Local.Cli;

/// <summary>Ages as people write them: <c>30d</c>, <c>12h</c>, <c>45m</c>.</summary>
internal static class Ages
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3_650);

    /// <summary>Null if the text is no age from a minute to ten years.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            return null;
        var unit = text[^1] switch
        {
            'd' => TimeSpan.FromDays(1),
            'h' => TimeSpan.FromHours(1),
            'm' => TimeSpan.FromMinutes(1),
            _ => TimeSpan.Zero,
        };
        return unit > TimeSpan.Zero && number <= Longest / unit ? number * unit : null;
    }
}
