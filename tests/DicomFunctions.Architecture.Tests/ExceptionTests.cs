using DicomFunctions.Architecture.Tests.Namespaces;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DicomFunctions.Architecture.Tests;

/// <summary>Every exception of <c>src</c> has a message that may be told (<c>ISafeMessage</c>), or is known not to need one.</summary>
public sealed class ExceptionTests
{
    private const string Marker = "ISafeMessage";

    /// <summary>What is not marked, and where its message goes instead.</summary>
    private static readonly Dictionary<string, string> Unmarked = new()
    {
        ["BadRequestException"] = "quotes the request, for its sender alone",
        ["InputFormatException"] = "quotes the request, for its sender alone",
        ["RequestTooLargeException"] = "becomes an answer of the API; no activity throws it",
        ["ObjectChangedException"] = "an outcome that whoever names an ETag expects and handles",
        ["StowSourceException"] = "becomes a record",
        ["TableException"] = "becomes an answer of the API, or of the command line",
        ["InputUnfinishedException"] = "ends a run; has no text",
        ["UsageException"] = "quotes the command line, for whoever typed it",
        ["CommandFailedException"] = "names files and jobs, for whoever typed the command",
        ["DataDirectoryInUseException"] = "names a folder, for whoever starts the host",
        ["DicomFormatException"] = "becomes an answer of the emulator",
    };

    private static readonly ILookup<string, string> Bases = (
        from project in SourceProject.LoadAll()
        from file in project.Files
        from type in CSharpSyntaxTree.ParseText(file.Text).GetCompilationUnitRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
        from baseType in type.BaseList?.Types ?? default
        select (Name: type.Identifier.Text, Base: baseType.Type.ToString())).ToLookup(type => type.Name, type => type.Base);

    [Fact]
    public void Every_exception_is_marked_or_known_not_to_be()
    {
        var exceptions = Bases.Select(type => type.Key).Where(name => Reaches(name, IsException)).ToList();
        Assert.Contains("ObjectDeniedException", exceptions);
        Assert.Equal(Unmarked.Keys.Order(), exceptions.Where(name => !Reaches(name, one => one == Marker)).Order());
    }

    private static bool IsException(string name) => name.EndsWith("Exception", StringComparison.Ordinal);

    private static bool Reaches(string name, Func<string, bool> isMet) => Bases[name].Any(one => isMet(one) || Reaches(one, isMet));
}
