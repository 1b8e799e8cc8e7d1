using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Names of stores and instances, valid to the edges of what is allowed.</summary>
internal static class Paths
{
    private const string Letters = "ABCXYZabcxyz0189";

    /// <summary>Letters and digits of other scripts, some of two UTF-16 units.</summary>
    private static readonly string[] Scripts = ["é", "ß", "Ж", "画", "ي", "٣", "½", "Ⅷ", "𠮷", "𝟘"];

    public static Gen<string> Uid { get; } = Gen.OneOf(
        Gen.Elements("1", "0", "2.25.329800735698586629295641978511506172918", "1.2.840.10008.5.1.4.1.1.7", new string('9', 64), "1.02.3"),
        Gen.Choose(0, 99_999).Select(number => $"{number}").NonEmptyListOf().Select(parts => string.Join('.', parts.Take(10))));

    public static Gen<DicomStorePath> Store { get; } =
        from project in Id("._:-", 128)
        from region in Id("_-", 64)
        from dataset in AnyScript(Id("_.-", 256))
        from store in AnyScript(Id("_.-", 256))
        select new DicomStorePath($"p{project[1..]}", region, Undotted(dataset), Undotted(store));

    /// <summary>Valid instances' paths, and their parts.</summary>
    public static Gen<(DicomStorePath Store, string Study, string Series, string Instance)> Instance { get; } =
        from store in Store
        from uids in Uid.Three()
        select (store, uids.Item1, uids.Item2, uids.Item3);

    public static string Text((DicomStorePath Store, string Study, string Series, string Instance) path) =>
        $"{path.Store}/dicomWeb/studies/{path.Study}/series/{path.Series}/instances/{path.Instance}";

    private static Gen<string> Id(string besides, int max) => Gen.Frequency(
        (9, Gen.Elements((Letters + besides).ToCharArray()).NonEmptyListOf().Select(letters => new string([.. letters.Take(max)]))),
        (1, Gen.Elements(Letters.ToCharArray()).Select(letter => new string(letter, max))));

    /// <summary>The id, or one of its shape in other scripts.</summary>
    private static Gen<string> AnyScript(Gen<string> ids) => Gen.Frequency(
        (2, ids),
        (1, from id in ids
            from first in Gen.Choose(0, Scripts.Length - 1)
            select string.Concat(
                id.Select((letter, i) => char.IsLetterOrDigit(letter) ? Scripts[(first + i) % Scripts.Length] : $"{letter}"))));

    private static string Undotted(string id) => id is "." or ".." ? "a." : id;
}
