using System.Text.Json;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>Person names in DICOM JSON: one object with up to three component groups (PS3.18 §F.2.2).</summary>
internal static class DicomJsonNames
{
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<char> name)
    {
        writer.WriteStartObject();
        var group = 0;
        foreach (var range in name.Split('='))
        {
            var value = name[range].Trim();
            if (group < 3 && !value.IsEmpty)
                writer.WriteString(group switch { 0 => "Alphabetic"u8, 1 => "Ideographic"u8, _ => "Phonetic"u8 }, value);

            group++;
        }

        writer.WriteEndObject();
    }
}
