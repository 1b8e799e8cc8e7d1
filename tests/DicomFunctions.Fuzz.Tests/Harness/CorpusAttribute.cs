using System.Reflection;
using Xunit.Sdk;

namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>The files of <c>Corpus/{target}</c>, by name: what was found once is tried ever after.</summary>
internal sealed class CorpusAttribute(string target) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        Directory.EnumerateFiles(FolderOf(target)).Order(StringComparer.Ordinal).Select(file => new object[] { Path.GetFileName(file) });

    public static byte[] Read(string target, string file) => File.ReadAllBytes(Path.Combine(FolderOf(target), file));

    private static string FolderOf(string target) => Path.Combine(AppContext.BaseDirectory, "Corpus", target);
}
