namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Bodies that hold inputs, in each of the forms they may have.</summary>
internal static class Bodies
{
    /// <summary>A value, an array, an object around an array, or values one after another.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(
        JsonTexts.Spaced(JsonTexts.Value),
        JsonTexts.Spaced(JsonTexts.ArrayOf(JsonTexts.Value)),
        Wrapper,
        from lines in JsonTexts.Spaced(Gen.OneOf(JsonTexts.Scalar, JsonTexts.Object)).NonEmptyListOf()
        from end in Gen.Elements("\n", "\r\n", "\n\n", " ")
        select string.Concat(lines.Select(line => line + end)));

    private static Gen<string> Wrapper =>
        from before in Options
        from array in JsonTexts.ArrayOf(JsonTexts.Value)
        from key in Gen.Elements("requests", "requests", "\\u0072equests")
        from after in Options
        select $"{{{string.Concat(before.Select(option => option + ","))} \"{key}\" : {array}"
            + $"{string.Concat(after.Select(option => "," + option))}}}";

    private static Gen<string[]> Options => (
        from key in Gen.Elements("buffer_size", "max_workers", "x", "é")
        from value in JsonTexts.Spaced(JsonTexts.Value)
        select $"\"{key}\":{value}").ArrayOf().Select(options => options.Take(3).ToArray());
}
