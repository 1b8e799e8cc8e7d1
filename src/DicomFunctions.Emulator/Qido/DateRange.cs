using System.Globalization;

namespace DicomFunctions.Emulator.Qido;

/// <summary>A day or a range of days, both ends included, as DICOM writes days.</summary>
internal sealed record DateRange(string First, string Last)
{
    /// <summary>Takes <c>YYYYMMDD</c> or <c>YYYYMMDD-YYYYMMDD</c>; null for anything else.</summary>
    public static DateRange? Parse(string value)
    {
        var parts = value.Split('-');
        return parts.Length <= 2 && parts.All(IsDay) ? new DateRange(parts[0], parts[^1]) : null;
    }

    /// <summary>Days in this spelling sort as text does. The spelling with dots of old files counts as well.</summary>
    public bool Contains(string day)
    {
        day = day.Replace(".", "", StringComparison.Ordinal);
        return day.Length == 8 && string.CompareOrdinal(First, day) <= 0 && string.CompareOrdinal(day, Last) <= 0;
    }

    private static bool IsDay(string value) =>
        DateOnly.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
