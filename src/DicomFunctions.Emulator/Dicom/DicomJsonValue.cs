using System.Globalization;
using System.Text.Json;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>An attribute that the store computes instead of reading it from a file.</summary>
internal sealed record DicomJsonValue(Vr Vr, IReadOnlyList<string> Values)
{
    public DicomJsonValue(Vr vr, string value)
        : this(vr, [value])
    {
    }

    /// <summary>An integer string (IS), written as a number.</summary>
    public DicomJsonValue(long number)
        : this(Vr.IS, [number.ToString(CultureInfo.InvariantCulture)])
    {
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("vr"u8, Vr.Letters());
        if (Values.Count > 0)
        {
            writer.WriteStartArray("Value"u8);
            foreach (var value in Values)
            {
                if (Vr == Vr.IS)
                    DicomJsonNumbers.WriteDecimal(writer, value);
                else
                    writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
