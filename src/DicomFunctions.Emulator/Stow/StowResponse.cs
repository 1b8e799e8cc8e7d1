using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using DicomFunctions.Emulator.Dicom;

namespace DicomFunctions.Emulator.Stow;

/// <summary>Writes the answer to a STOW request (PS3.18 §10.5.3), as DICOM JSON or as the Native DICOM Model (PS3.19 §A.1).</summary>
internal static class StowResponse
{
    public static ReadOnlyMemory<byte> Json(IReadOnlyList<StowItem> items, string? studyUrl)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        if (studyUrl is not null)
            Element(writer, Tags.RetrieveUrl, Vr.UR, studyUrl);

        Sequence(writer, Tags.FailedSopSequence, [.. items.Where(item => item.Reason != 0)]);
        Sequence(writer, Tags.ReferencedSopSequence, [.. items.Where(item => item.Reason == 0)]);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Xml(IReadOnlyList<StowItem> items, string? studyUrl)
    {
        using var output = new MemoryStream();
        using (var writer = XmlWriter.Create(output, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            writer.WriteStartElement("NativeDicomModel", "http://dicom.nema.org/PS3.19/models/NativeDICOM");
            if (studyUrl is not null)
                Element(writer, Tags.RetrieveUrl, Vr.UR, "RetrieveURL", studyUrl);

            Sequence(writer, Tags.FailedSopSequence, "FailedSOPSequence", [.. items.Where(item => item.Reason != 0)]);
            Sequence(writer, Tags.ReferencedSopSequence, "ReferencedSOPSequence", [.. items.Where(item => item.Reason == 0)]);
            writer.WriteEndElement();
        }

        return output.ToArray();
    }

    private static void Sequence(Utf8JsonWriter writer, uint tag, StowItem[] items)
    {
        if (items.Length == 0)
            return;

        writer.WriteStartObject(Tags.Hex(tag));
        writer.WriteString("vr"u8, "SQ"u8);
        writer.WriteStartArray("Value"u8);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            foreach (var (elementTag, vr, _, value) in Elements(item))
            {
                Element(writer, elementTag, vr, value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Sequence(XmlWriter writer, uint tag, string keyword, StowItem[] items)
    {
        if (items.Length == 0)
            return;

        BeginElement(writer, tag, Vr.SQ, keyword);
        for (var i = 0; i < items.Length; i++)
        {
            writer.WriteStartElement("Item");
            writer.WriteAttributeString("number", (i + 1).ToString(CultureInfo.InvariantCulture));
            foreach (var (elementTag, vr, elementKeyword, value) in Elements(items[i]))
            {
                Element(writer, elementTag, vr, elementKeyword, value);
            }

            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static IEnumerable<(uint Tag, Vr Vr, string? Keyword, string Value)> Elements(StowItem item)
    {
        if (item.SopClassUid.Length > 0)
            yield return (Tags.ReferencedSopClassUid, Vr.UI, "ReferencedSOPClassUID", item.SopClassUid);

        if (item.SopUid.Length > 0)
            yield return (Tags.ReferencedSopInstanceUid, Vr.UI, "ReferencedSOPInstanceUID", item.SopUid);

        if (item.RetrieveUrl is not null)
            yield return (Tags.RetrieveUrl, Vr.UR, "RetrieveURL", item.RetrieveUrl);

        if (item.Reason != 0)
        {
            yield return (Tags.FailureReason, Vr.US, "FailureReason", item.Reason.ToString(CultureInfo.InvariantCulture));
            yield return (Tags.FailureDetail, Vr.LO, null, item.Detail);
        }
    }

    private static void Element(Utf8JsonWriter writer, uint tag, Vr vr, string value)
    {
        writer.WriteStartObject(Tags.Hex(tag));
        writer.WriteString("vr"u8, vr.Letters());
        writer.WriteStartArray("Value"u8);
        if (vr == Vr.US)
            writer.WriteRawValue(value);
        else
            writer.WriteStringValue(value);

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Element(XmlWriter writer, uint tag, Vr vr, string? keyword, string value)
    {
        BeginElement(writer, tag, vr, keyword);
        writer.WriteStartElement("Value");
        writer.WriteAttributeString("number", "1");
        writer.WriteString(value);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void BeginElement(XmlWriter writer, uint tag, Vr vr, string? keyword)
    {
        writer.WriteStartElement("DicomAttribute");
        writer.WriteAttributeString("tag", Tags.Hex(tag));
        writer.WriteAttributeString("vr", vr.Letters());
        if (keyword is not null)
            writer.WriteAttributeString("keyword", keyword);
    }
}
