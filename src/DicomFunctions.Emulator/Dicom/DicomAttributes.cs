using System.Buffers;
using System.Text.Json;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>Attributes of a data set: each as its DICOM JSON object, and short texts also decoded, for matching.</summary>
internal sealed class DicomAttributes(ReadOnlyMemory<byte> json, Dictionary<uint, Range> elements, Dictionary<uint, string> texts)
{
    /// <summary>The tags of the attributes read, in no particular order.</summary>
    public IEnumerable<uint> AllTags => elements.Keys;

    /// <summary>The decoded text, with several values joined by backslashes; empty if the attribute is absent, empty or not text.</summary>
    public string Text(uint tag) => texts.GetValueOrDefault(tag, "");

    /// <summary>The <c>{"vr":…,"Value":[…]}</c> of an attribute; empty if the data set lacks it.</summary>
    public ReadOnlyMemory<byte> Json(uint tag) => elements.TryGetValue(tag, out var range) ? json[range] : default;

    /// <summary>Reads the attributes of a Part 10 file that <paramref name="wants"/> accepts, and the transfer syntax UID.</summary>
    /// <exception cref="DicomFormatException">The file is not DICOM, malformed or cut short.</exception>
    public static (DicomAttributes Attributes, string TransferSyntaxUid) Read(Stream file, Func<uint, bool> wants)
    {
        using var visitor = new DicomJsonVisitor(wants);
        var transferSyntax = DicomReader.Read(file, visitor);
        return (visitor.Finish(), transferSyntax);
    }

    /// <summary>
    /// Writes the given attributes as one DICOM JSON object, in tag order. Computed ones replace or complement those of the file.
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
