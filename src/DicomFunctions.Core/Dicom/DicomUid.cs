using System.Buffers;

namespace DicomFunctions.Core.Dicom;

/// <summary>What may be a DICOM unique identifier (PS3.5 §9.1).</summary>
/// <remarks>
/// 1 to 64 digits and dots, no component empty. Components with leading zeros, which the standard forbids, are let through:
/// real archives are full of them, and they are safe in a URL and a path.
/// </remarks>
public static class DicomUid
{
    /// <summary>The most characters a UID has.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789.");
    private static readonly SearchValues<byte> Bytes = SearchValues.Create("0123456789."u8);

    /// <summary>Tells whether <paramref name="uid"/> can be a UID.</summary>
    public static bool IsValid(ReadOnlySpan<char> uid) =>
        uid.Length is > 0 and <= MaxLength
        && uid[0] != '.' && uid[^1] != '.'
        && !uid.ContainsAnyExcept(Characters) && !uid.Contains("..", StringComparison.Ordinal);

    /// <summary>Tells whether <paramref name="uid"/>, in ASCII or UTF-8 and without padding, can be a UID.</summary>
    public static bool IsValid(ReadOnlySpan<byte> uid) =>
        uid.Length is > 0 and <= MaxLength
        && uid[0] != '.' && uid[^1] != '.'
        && !uid.ContainsAnyExcept(Bytes) && uid.IndexOf(".."u8) < 0;
}
