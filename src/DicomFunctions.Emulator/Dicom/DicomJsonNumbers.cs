using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>Numbers in DICOM JSON (PS3.18 §F.2.3), from binary values and from decimal and integer strings.</summary>
internal static class DicomJsonNumbers
{
    /// <summary>Writes the Value array of a binary element; nothing if it is empty or not numeric.</summary>
    public static void Write(Utf8JsonWriter writer, Vr vr, ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        var size = vr.ValueSize();
        if (size == 0 || bytes.Length < size)
            return;

        writer.WriteStartArray("Value"u8);
        for (; bytes.Length >= size; bytes = bytes[size..])
            WriteOne(writer, vr, bytes[..size], bigEndian);

        writer.WriteEndArray();
    }

    /// <summary>
    /// Writes a decimal or integer string as a number, with its digits unchanged where JSON allows them. A string that is not a number
    /// stays a string.
    /// </summary>
    public static void WriteDecimal(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        if (IsJsonNumber(text))
            writer.WriteRawValue(text, skipInputValidation: true);
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(text);
    }

    private static bool IsJsonNumber(ReadOnlySpan<char> text)
    {
        var rest = text.StartsWith("-") ? text[1..] : text;
        var digits = CountDigits(rest);
        if (digits == 0 || (digits > 1 && rest[0] == '0'))
            return false;

        rest = rest[digits..];
        if (rest.StartsWith("."))
        {
            digits = CountDigits(rest[1..]);
            if (digits == 0)
                return false;

            rest = rest[(digits + 1)..];
        }

        if (rest.Length > 1 && rest[0] is 'e' or 'E')
        {
            rest = rest[(rest[1] is '+' or '-' ? 2 : 1)..];
            digits = CountDigits(rest);
            return digits > 0 && digits == rest.Length;
        }

        return rest.IsEmpty;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static void WriteOne(Utf8JsonWriter writer, Vr vr, ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        Span<byte> value = stackalloc byte[8];
        value = value[..bytes.Length];
        bytes.CopyTo(value);
        if (bigEndian && vr == Vr.AT)
        {
            value[..2].Reverse();
            value[2..].Reverse();
        }
        else if (bigEndian)
        {
            value.Reverse();
        }

        switch (vr)
        {
            case Vr.US: writer.WriteNumberValue(BinaryPrimitives.ReadUInt16LittleEndian(value)); break;
            case Vr.SS: writer.WriteNumberValue(BinaryPrimitives.ReadInt16LittleEndian(value)); break;
            case Vr.UL: writer.WriteNumberValue(BinaryPrimitives.ReadUInt32LittleEndian(value)); break;
            case Vr.SL: writer.WriteNumberValue(BinaryPrimitives.ReadInt32LittleEndian(value)); break;
            case Vr.UV: writer.WriteNumberValue(BinaryPrimitives.ReadUInt64LittleEndian(value)); break;
            case Vr.SV: writer.WriteNumberValue(BinaryPrimitives.ReadInt64LittleEndian(value)); break;
            case Vr.FL: WriteFloat(writer, BinaryPrimitives.ReadSingleLittleEndian(value)); break;
            case Vr.FD: WriteDouble(writer, BinaryPrimitives.ReadDoubleLittleEndian(value)); break;
            default:
                var group = (uint)BinaryPrimitives.ReadUInt16LittleEndian(value);
                var tag = (group << 16) | BinaryPrimitives.ReadUInt16LittleEndian(value[2..]);
                writer.WriteStringValue(Tags.Hex(tag));
                break;
        }
    }

    private static void WriteFloat(Utf8JsonWriter writer, float number)
    {
        if (float.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            WriteDouble(writer, number);
    }

    private static void WriteDouble(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }
}
