using System.Xml;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>Reads the items of a Store Instances Response from the Native DICOM Model (PS3.19 §A.1).</summary>
internal static class StowXml
{
    private static readonly XmlReaderSettings Settings =
        new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true };

    /// <summary>Reads the whole model. False if the body is not such a model, or is damaged.</summary>
    /// <param name="body">The body.</param>
    /// <param name="begin">Called with the tag of each attribute of the model itself. Returns the list for its items, or null.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, Func<string?, List<StowResponseItem>?> begin)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), Settings);
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "NativeDicomModel")
                return false;
            Children(reader, "DicomAttribute", () => ReadAttribute(reader, begin));
            while (reader.Read())
            {
                // Read to the end, to find any damage.
            }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static void ReadAttribute(XmlReader reader, Func<string?, List<StowResponseItem>?> begin)
    {
        if (begin(reader.GetAttribute("tag")) is { } items)
            Children(reader, "Item", () => items.Add(ReadItem(reader)));
        else
            reader.Skip();
    }

    private static StowResponseItem ReadItem(XmlReader reader)
    {
        var item = new StowResponseItem();
        Children(reader, "DicomAttribute", () =>
        {
            var tag = reader.GetAttribute("tag");
            Children(reader, "Value", () => item.Set(tag, reader.ReadElementContentAsString()));
        });
        return item;
    }

    /// <summary>Visits an element's children and moves past its end. Each <paramref name="read"/> must move past its child.</summary>
    private static void Children(XmlReader reader, string name, Action read)
    {
        var isEmpty = reader.IsEmptyElement;
        reader.Read();
        while (!isEmpty && reader.NodeType != XmlNodeType.EndElement && !reader.EOF)
        {
            if (reader.NodeType != XmlNodeType.Element)
                reader.Read();
            else if (reader.LocalName == name)
                read();
            else
                reader.Skip();
        }

        if (!isEmpty)
            reader.Read();
    }
}
