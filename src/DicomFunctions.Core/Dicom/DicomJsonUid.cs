using System.Text.Json;

namespace DicomFunctions.Core.Dicom;

/// <summary>Reads UIDs in DICOM JSON (PS3.18 §F.2).</summary>
internal static class DicomJsonUid
{
    /// <summary>
    /// The UID without escapes and without padding, which some servers keep (a NUL by PS3.5 §9.1, or wrongly spaces).
    /// </summary>
    /// <param name="written">The characters between the quotes.</param>
    /// <param name="buffer">A buffer at least as long, used for a UID with escapes.</param>
    public static ReadOnlySpan<byte> Meaning(ReadOnlySpan<byte> written, Span<byte> buffer)
    {
        if (!written.Contains((byte)'\\'))
            return written.Trim(" \0"u8);
        Span<byte> quoted = new byte[written.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        written.CopyTo(quoted[1..]);
        var reader = new Utf8JsonReader(quoted);
        try
        {
            reader.Read();
            return buffer[..reader.CopyString(buffer)].Trim(" \0"u8);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The escapes are not valid text.
            return default;
        }
    }
}
