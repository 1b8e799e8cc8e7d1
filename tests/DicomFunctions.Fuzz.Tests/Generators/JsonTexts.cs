namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Well-formed JSON, with all that its grammar allows: spaces, escapes, every kind of number.</summary>
internal static class JsonTexts
{
    public static Gen<string> Space { get; } =
        Gen.Frequency((6, Gen.Constant("")), (2, Gen.Constant(" ")), (1, Gen.Elements("\n", "\t", "\r\n", "  \n\t ")));

    /// <summary>What stands between the quotes of a string.</summary>
    public static Gen<string> Characters { get; } =
        Gen.Elements(
            "a", "Value", "é", "日本", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "]", "}", "{", "[", ",",
            ":", "1.2.840", "\\u0000", "^=")
            .ListOf().Select(pieces => string.Concat(pieces.Take(8)));

    public static Gen<string> String { get; } = Characters.Select(Quote);

    public static Gen<string> Number { get; } = Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(number => $"{number}"),
        Gen.Elements("0", "-0", "1.5", "-2.25e10", "1E-7", "1e400", "123456789012345678901234567890"));

    public static Gen<string> Scalar { get; } = Gen.OneOf(String, Number, Gen.Elements("true", "false", "null"));

    public static Gen<string> Value { get; } = ValueOf(depth: 3);

    public static Gen<string> Object { get; } = ObjectOf(ValueOf(depth: 2));

    public static string Quote(string characters) => $"\"{characters}\"";

    /// <summary>A JSON array of these, with spaces anywhere.</summary>
    public static Gen<string> ArrayOf(Gen<string> element) =>
        from items in Spaced(element).ListOf()
        from space in Space
        select $"[{space}{string.Join(',', items)}]";

    /// <summary>With spaces around.</summary>
    public static Gen<string> Spaced(Gen<string> token) =>
        from before in Space
        from text in token
        from after in Space
        select before + text + after;

    private static Gen<string> ObjectOf(Gen<string> value) =>
        from members in (from key in Spaced(String) from inner in Spaced(value) select $"{key}:{inner}").ListOf()
        from space in Space
        select $"{{{space}{string.Join(',', members.Take(6))}}}";

    private static Gen<string> ValueOf(int depth) => depth == 0
        ? Scalar
        : Gen.Frequency(
            (3, Scalar),
            (1, ArrayOf(ValueOf(depth - 1)).ScaleSize(size => size / 4)),
            (1, ObjectOf(ValueOf(depth - 1)).ScaleSize(size => size / 4)));
}
