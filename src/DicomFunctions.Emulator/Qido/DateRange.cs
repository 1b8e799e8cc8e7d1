using System.Globalization;

namespace DicomFunctions.Emulator.Qido;

/// <summary>A day or a range of days, both ends included (PS3.4 §C.2.2.2.5).</summary>
internal sealed record DateRange(string First, string Last)
{
    /// <summary>Parses <c>YYYYMMDD</c> or <c>YYYYMMDD-YYYYMMDD</c>; null for anything else.</summary>
    public static DateRange? Parse(string value)
    {
        var parts = value.Split('-');
        return parts.Length <= 2 && parts.All(IsDay) ? new DateRange(parts[0], parts[^1]) : null;
    }

    /// <summary>Whether the day is in the range. Old files write it with dots (<c>YYYY.MM.DD</c>), which is accepted.</summary>
    public bool Contains(string day)
    {
        day = day.Replace(".", "", StringComparison.Ordinal);
        return day.Length == 8 && string.CompareOrdinal(First, day) <= 0 && string.CompareOrdinal(day, Last) <= 0;
    }

    private static bool IsDay(string value) =>
        DateOnly.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
