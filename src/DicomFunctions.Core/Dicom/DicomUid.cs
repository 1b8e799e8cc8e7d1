using System.Buffers;

namespace DicomFunctions.Core.Dicom;

/// <summary>Validates DICOM unique identifiers (PS3.5 §9.1).</summary>
/// <remarks>
/// 1 to 64 digits and dots, without empty components. Components with leading zeros, which the standard forbids, are accepted: they are
/// common in real archives, and safe in URLs and paths.
/// </remarks>
internal static class DicomUid
{
    /// <summary>The maximum length of a UID.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789.");
    private static readonly SearchValues<byte> Bytes = SearchValues.Create("0123456789."u8);

    /// <summary>Whether <paramref name="uid"/> is a valid UID.</summary>
    public static bool IsValid(ReadOnlySpan<char> uid) =>
        uid.Length is > 0 and <= MaxLength
        && uid[0] != '.' && uid[^1] != '.'
        && !uid.ContainsAnyExcept(Characters) && !uid.Contains("..", StringComparison.Ordinal);

    /// <summary>Whether <paramref name="uid"/>, in ASCII or UTF-8 and without padding, is a valid UID.</summary>
    public static bool IsValid(ReadOnlySpan<byte> uid) =>
        uid.Length is > 0 and <= MaxLength
        && uid[0] != '.' && uid[^1] != '.'
        && !uid.ContainsAnyExcept(Bytes) && uid.IndexOf(".."u8) < 0;
}
