using System.Buffers;
using System.Text.Json;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>Attributes of one data set, each rendered as its DICOM JSON object, and the short texts among them for matching.</summary>
internal sealed class DicomAttributes(ReadOnlyMemory<byte> json, Dictionary<uint, Range> elements, Dictionary<uint, string> texts)
{
    /// <summary>The tags that are there, in no certain order.</summary>
    public IEnumerable<uint> AllTags => elements.Keys;

    /// <summary>The decoded text, multiple values joined by backslashes; empty when absent, empty or no text.</summary>
    public string Text(uint tag) => texts.GetValueOrDefault(tag, "");

    /// <summary>The <c>{"vr":…,"Value":[…]}</c> of an attribute, or empty when the data set does not have it.</summary>
    public ReadOnlyMemory<byte> Json(uint tag) => elements.TryGetValue(tag, out var range) ? json[range] : default;

    /// <summary>Reads those attributes of a Part 10 file for which <paramref name="wants"/> is true, and the transfer syntax.</summary>
    /// <exception cref="DicomFormatException">It is not a DICOM file, or it is cut short or malformed.</exception>
    public static (DicomAttributes Attributes, string TransferSyntaxUid) Read(Stream file, Func<uint, bool> wants)
    {
        using var visitor = new DicomJsonVisitor(wants);
        var transferSyntax = DicomReader.Read(file, visitor);
        return (visitor.Finish(), transferSyntax);
    }

    /// <summary>
    /// Writes one DICOM JSON object of the given attributes in tag order. Computed ones stand in for, or are added to, those of the file.
    /// </summary>
    public byte[] Render(IEnumerable<uint> wanted, IReadOnlyDictionary<uint, DicomJsonValue> computed)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        foreach (var tag in wanted.Union(computed.Keys).Order())
        {
            var value = computed.TryGetValue(tag, out var own) ? default : Json(tag);
            if (own is not null)
            {
                writer.WritePropertyName(Tags.Hex(tag));
                own.Write(writer);
            }
            else if (!value.IsEmpty)
            {
                writer.WritePropertyName(Tags.Hex(tag));
                writer.WriteRawValue(value.Span, skipInputValidation: true);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
