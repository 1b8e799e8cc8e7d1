using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DicomFunctions.Core.Tests.Dicom;

/// <summary>DICOM JSON arrays of every shape the format allows.</summary>
internal static class RandomDicomJson
{
    private static readonly string[] Pieces =
        ["\\\\", "\\\"", "\\n", "\\u00e9", "\\/", "{", "}", "[", "]", ",", ":", "é", "山田", "🙂", " ", "Smith^J", "00080018", "Value", "a"];

    public static string Array(Random random)
    {
        var text = new StringBuilder();
        Space(random, text);
        text.Append('[');
        for (int i = 0, rows = random.Next(5); i < rows; i++)
        {
            if (i > 0)
                text.Append(',');
            Space(random, text);
            DataSet(random, text, depth: 0);
        }

        Space(random, text);
        text.Append(']');
        Space(random, text);
        return text.ToString();
    }

    /// <summary>What <c>JsonDocument</c> says of the first SOP Instance UID.</summary>
    public static string UidOf(JsonElement row) =>
        row.TryGetProperty("00080018", out var attribute) && attribute.TryGetProperty("Value", out var value)
            && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.String ? value[0].GetString()! : "";

    private static void DataSet(Random random, StringBuilder text, int depth)
    {
        text.Append('{');
        var keys = Enumerable.Range(0, random.Next(6))
            .Select(_ => random.Next(0x0010_0000, 0x7FFF_FFFF).ToString("X8", CultureInfo.InvariantCulture))
            .Distinct().ToList();
        if (random.Next(4) > 0)
            keys.Insert(random.Next(keys.Count + 1), "00080018");
        for (var i = 0; i < keys.Count; i++)
        {
            text.Append(i > 0 ? "," : "");
            Space(random, text);
            text.Append('"').Append(keys[i]).Append('"');
            Space(random, text);
            text.Append(':');
            Space(random, text);
            if (keys[i] == "00080018")
                Uid(random, text);
            else
                Attribute(random, text, depth);
            Space(random, text);
        }

        text.Append('}');
    }

    private static void Uid(Random random, StringBuilder text)
    {
        var uid = "1.2." + random.Next(1000).ToString(CultureInfo.InvariantCulture);
        text.Append(random.Next(5) switch
        {
            0 => "{\"vr\":\"UI\"}",
            1 => $"{{\"Value\":[\"{uid}\"],\"vr\":\"UI\"}}",
            2 => "{\"Value\":[],\"vr\":\"UI\"}",
            3 => $"{{ \"vr\" : \"UI\" , \"Value\" :\n[ \"{uid}\" ] }}",
            _ => $"{{\"vr\":\"UI\",\"Value\":[\"{uid}\"]}}",
        });
    }

    private static void Attribute(Random random, StringBuilder text, int depth)
    {
        switch (random.Next(depth < 5 ? 6 : 5))
        {
            case 0:
                text.Append("{\"vr\":\"LO\"}");
                break;
            case 1:
                text.Append("{\"vr\":\"DS\",\"Value\":[").AppendJoin(',', 1, "-2.5e-3", "null", "true").Append("]}");
                break;
            case 2:
                text.Append("{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"");
                Text(random, text);
                text.Append("\"}]}");
                break;
            case 3:
                text.Append("{\"vr\":\"OB\",\"InlineBinary\":\"").Append('A', random.Next(300)).Append("\"}");
                break;
            case 4:
                text.Append("{\"vr\":\"LT\",\"Value\":[\"");
                Text(random, text);
                text.Append("\"]}");
                break;
            default:
                text.Append("{\"vr\":\"SQ\",\"Value\":[");
                for (int i = 0, items = random.Next(3); i < items; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    DataSet(random, text, depth + 1);
                }

                text.Append("]}");
                break;
        }
    }

    private static void Text(Random random, StringBuilder text)
    {
        for (int i = 0, pieces = random.Next(40); i < pieces; i++)
            text.Append(Pieces[random.Next(Pieces.Length)]);
    }

    private static void Space(Random random, StringBuilder text)
    {
        if (random.Next(3) == 0)
            text.Append(" \t\r\n"[random.Next(4)], random.Next(1, 4));
    }
}
