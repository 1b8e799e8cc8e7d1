using System.Globalization;
using DicomFunctions.Dictionary;

namespace DicomFunctions.Core.Tables;

/// <summary>Which value representation has which type, and which texts are values of it.</summary>
internal static class CellTypes
{
    private static readonly string[] TimeFormats = Formats("HHmmss");
    private static readonly string[] TimestampFormats = Formats("yyyyMMddHHmmss");

    /// <summary>The type of a value representation.</summary>
    public static CellType Of(Vr vr) => vr switch
    {
        Vr.DA => CellType.Date,
        Vr.TM => CellType.Time,
        Vr.DT => CellType.Timestamp,
        Vr.DS => CellType.Decimal,
        Vr.FL or Vr.FD => CellType.Double,
        Vr.IS or Vr.SL or Vr.SS or Vr.SV or Vr.UL or Vr.US or Vr.UV => CellType.Integer,
        _ => CellType.Text,
    };

    /// <summary>
    /// Whether a text is a value of a type, with nothing lost: a time without seconds, or a date and time with an offset, is not.
    /// </summary>
    public static bool Fits(CellType type, string text) => type switch
    {
        CellType.Text => true,
        CellType.Boolean => text is "true" or "false",
        CellType.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        CellType.Decimal => DecimalText.TryMeasure(text, out _),
        CellType.Double => double.TryParse(text, DecimalText.Style, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value),
        CellType.Date => DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        CellType.Time => FormatOf(TimeFormats, text) is { } format
            && TimeOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => FormatOf(TimestampFormats, text) is { } format
            && DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
    };

    public static long ToInteger(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public static double ToDouble(string text) => double.Parse(text, DecimalText.Style, CultureInfo.InvariantCulture);

    public static DateOnly ToDate(string text) => DateOnly.ParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture);

    public static TimeOnly ToTime(string text) =>
        TimeOnly.ParseExact(text, FormatOf(TimeFormats, text)!, CultureInfo.InvariantCulture);

    /// <summary>The date and time as if it were UTC, so that nothing converts it.</summary>
    public static DateTime ToTimestamp(string text) => DateTime.SpecifyKind(
        DateTime.ParseExact(text, FormatOf(TimestampFormats, text)!, CultureInfo.InvariantCulture), DateTimeKind.Utc);

    /// <summary>The formats with none to six digits of a second's fraction.</summary>
    private static string[] Formats(string whole) =>
        [whole, .. Enumerable.Range(1, 6).Select(digits => $"{whole}.{new string('f', digits)}")];

    private static string? FormatOf(string[] formats, string text) => Array.Find(formats, format => format.Length == text.Length);
}
