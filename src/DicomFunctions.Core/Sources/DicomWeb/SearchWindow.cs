using System.Globalization;

namespace DicomFunctions.Core.Sources.DicomWeb;

/// <summary>A window of a search's results. A long search is made window by window, so that it can be continued.</summary>
/// <param name="Skip">The number of results in the windows before.</param>
/// <param name="First">The first result of the first window: where it comes again, the server ignores the offset.</param>
internal readonly record struct SearchWindow(long Skip, string? First)
{
    /// <summary>Reads what <see cref="ToString"/> writes; null for the first window.</summary>
    public static SearchWindow Parse(string? text)
    {
        var space = text?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        return space < 0 ? default : new(long.Parse(text![..space], CultureInfo.InvariantCulture), text[(space + 1)..]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Skip} {First}");
}
