namespace DicomFunctions.Architecture.Tests;

/// <summary>A test is where its subject is: the folders of a test project are those of the project it tests.</summary>
public sealed class TestProjectTests
{
    /// <summary>Folders of helpers, which no project in <c>src</c> has.</summary>
    private static readonly string[] Helpers = ["Fakes", "Support", "Durable", "OpenApi"];

    public static TheoryData<string> Mirrored =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Folder, "src")).Select(path => Path.GetFileName(path)!)
            .Where(name => Directory.Exists(TestsOf(name))).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Mirrored))]
    public void Folders_of_a_test_project_are_those_of_its_source(string project)
    {
        var strays = Folders(TestsOf(project))
            .Except(Folders(Path.Combine(Repository.Folder, "src", project)))
            .Where(folder => !Helpers.Contains(Path.GetFileName(folder)));

        Repository.AssertNone(strays);
    }

    private static string TestsOf(string project) => Path.Combine(Repository.Folder, "tests", project + ".Tests");

    /// <summary>The folders that hold C# files, and those above them.</summary>
    private static IEnumerable<string> Folders(string project) =>
        Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetDirectoryName(Path.GetRelativePath(project, path))!)
            .Where(folder => folder.Length > 0 && folder.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .Distinct();
}
