using DicomFunctions.Architecture.Tests.Namespaces;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DicomFunctions.Architecture.Tests;

/// <summary>The rules for all of <c>src</c>: namespaces do not depend on each other in a cycle, and a namespace is a folder.</summary>
public sealed class SourceTests
{
    private static readonly IReadOnlyList<SourceProject> Projects = SourceProject.LoadAll();

    private static readonly Lazy<NamespaceGraph> Graph = new(() => new NamespaceGraph(ReferenceReader.Read(
        Projects.SelectMany(project => project.Files), Projects.SelectMany(project => project.GlobalUsings), "DicomFunctions")));

    public static TheoryData<string> ProjectNames => [.. Projects.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void Namespaces_do_not_depend_on_each_other_in_a_cycle(string project) => AssertNone(Knots(project));

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void A_namespace_is_a_folder(string project) => AssertNone(Strays(project));

    // Not Assert.Empty, which shows only the beginning.
    private static void AssertNone(string problems) => Assert.True(problems.Length == 0, problems);

    private static string Knots(string project)
    {
        var owner = Find(project);
        return string.Concat(Graph.Value.Knots().Where(knot => knot.Any(owner.Owns)).Select(Graph.Value.Describe));
    }

    private static string Strays(string project) => string.Concat(
        from file in Find(project).Files
        from declared in DeclaredIn(file)
        where declared != file.FolderNamespace
        let found = declared.Length > 0 ? declared : "types outside a namespace"
        select $"{file.Path} declares {found}; its folder is {file.FolderNamespace}.\n");

    private static SourceProject Find(string project) => Projects.Single(one => one.Name == project);

    /// <summary>The namespaces that a file declares; empty text for types outside any. Top-level statements do not count.</summary>
    private static IEnumerable<string> DeclaredIn(SourceFile file)
    {
        var root = CSharpSyntaxTree.ParseText(file.Text).GetCompilationUnitRoot();
        return root.Members.Where(member => member is not GlobalStatementSyntax)
            .Select(member => (member as BaseNamespaceDeclarationSyntax)?.Name.ToString() ?? "").Distinct();
    }
}
