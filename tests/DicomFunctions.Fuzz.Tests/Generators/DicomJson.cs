using System.Text;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Answers of a server: DICOM JSON arrays (PS3.18 §F.2).</summary>
internal static class DicomJson
{
    public const string IdentifyingTag = "00080018";

    /// <summary>What means something in such an array.</summary>
    public static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\u0000", "\\u0000", "null", "-", "0", "1e", "{}", "\"00080018\":",
        }.Select(
            Encoding.UTF8.GetBytes),
    ];

    /// <summary>An array of data sets, with spaces between any two tokens.</summary>
    public static Gen<string> Array { get; } = JsonTexts.Spaced(JsonTexts.ArrayOf(DataSet));

    /// <summary>A data set: most have the identifying attribute, somewhere, and may have it once more in a sequence.</summary>
    private static Gen<string> DataSet =>
        from before in Attribute(depth: 2).ListOf()
        from own in Gen.Frequency(
            (4, Named(IdentifyingTag, Values(Uid))), (1, Gen.Constant("")),
            (1, Named(
                    IdentifyingTag,
                    Gen.Elements("{\"vr\":\"UI\"}", "{}", "{\"vr\":\"UI\",\"Value\":[]}", "{\"Value\":[null],\"vr\":\"UI\"}"))))
        from after in Attribute(depth: 2).ListOf()
        from members in Members([.. before.Take(5), own, .. after.Take(5)])
        select members;

    private static Gen<string> Uid => Paths.Uid.Select(JsonTexts.Quote);

    private static Gen<string> Attribute(int depth) => Gen.Frequency(
        (3, Named(Tag, Values(JsonTexts.String))),
        (2, Named(Tag, Values(JsonTexts.Scalar))),
        (1, Named(Tag, Gen.Choose(0, 300).Select(length => $"{{\"vr\":\"OB\",\"InlineBinary\":\"{new string('A', length)}\"}}"))),
        (1, Named(Tag, Values(Gen.Constant("{\"Alphabetic\":\"Test^Some\",\"Ideographic\":\"日本\"}")))),
        (depth, depth == 0 ? Gen.Constant("") : Named(Tag, Values(Item(depth)))));

    private static Gen<string> Item(int depth) =>
        from attributes in Gen.OneOf(Attribute(depth - 1), Named(IdentifyingTag, Values(Uid))).ListOf().ScaleSize(size => size / 8)
        from members in Members([.. attributes])
        select members;

    private static Gen<string> Tag =>
        Gen.Elements("00080016", "00080005", "00100010", "00104000", "7FE00010", "00081115", "00091001", "00200013");

    private static Gen<string> Named(string tag, Gen<string> value) => Named(Gen.Constant(tag), value);

    private static Gen<string> Named(Gen<string> tag, Gen<string> value) =>
        from name in tag
        from key in JsonTexts.Spaced(Gen.Constant($"\"{name}\""))
        from text in JsonTexts.Spaced(value)
        select $"{key}:{text}";

    /// <summary>An attribute's object, its value before or behind its VR.</summary>
    private static Gen<string> Values(Gen<string> value) =>
        from vr in JsonTexts.Spaced(Gen.Elements("\"vr\":\"UI\"", "\"vr\" : \"LT\"", "\"vr\":\"SQ\""))
        from key in JsonTexts.Spaced(Gen.Constant("\"Value\""))
        from values in JsonTexts.Spaced(value).NonEmptyListOf()
        from space in JsonTexts.Space
        from isFirst in Gen.Elements(true, false)
        let member = $"{key}:{space}[{string.Join(',', values.Take(3))}]"
        select isFirst ? $"{{{member},{vr}}}" : $"{{{vr},{member}}}";

    private static Gen<string> Members(string[] members) =>
        JsonTexts.Space.Select(space => $"{{{space}{string.Join(',', members.Where(member => member.Length > 0))}}}");
}
