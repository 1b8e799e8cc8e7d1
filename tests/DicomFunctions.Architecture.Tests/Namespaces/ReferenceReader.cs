using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DicomFunctions.Architecture.Tests.Namespaces;

/// <summary>
/// Finds the references between the namespaces of a source tree. What counts: every using directive, and every name that binds to a type
/// or to a static member (extension methods included), however it is reached: from an enclosing namespace, qualified, through an alias or
/// a global using. Names in documentation comments do not count.
/// </summary>
/// <remarks>
/// A member reached through an instance adds no reference of its own. Whoever hands out the instance names its type, so this hides no
/// cycle. For the same reason packages need not be resolved: an unknown type hands out nothing of this source.
/// </remarks>
internal static class ReferenceReader
{
    private static readonly ImmutableArray<MetadataReference> Framework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>All references between different namespaces that are declared in the files.</summary>
    /// <exception cref="InvalidDataException">A using directive names a namespace below the root that no file declares.</exception>
    public static IReadOnlyList<Reference> Read(IEnumerable<SourceFile> files, IEnumerable<string> globalUsings, string root)
    {
        var globals = string.Concat(globalUsings.Distinct().Select(name => $"global using {name};\n"));
        var compilation = CSharpCompilation.Create(
            "Source",
            [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path)), CSharpSyntaxTree.ParseText(globals)],
            Framework,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var models = compilation.SyntaxTrees.Select(tree => compilation.GetSemanticModel(tree)).ToArray();
        return models.SelectMany(model => UnknownUsings(model, root)).FirstOrDefault() is { } unknown
            ? throw new InvalidDataException(unknown)
            : [.. models.AsParallel().AsOrdered().SelectMany(Read).Distinct()];
    }

    private static IEnumerable<string> UnknownUsings(SemanticModel model, string root) =>
        from directive in Nodes<UsingDirectiveSyntax>(model)
        let name = directive.NamespaceOrType.ToString()
        where (name + ".").StartsWith(root + ".", StringComparison.Ordinal) && !Bound(model, directive.NamespaceOrType).Any()
        select $"{model.SyntaxTree.FilePath}: no file declares {name}.";

    private static IEnumerable<Reference> Read(SemanticModel model)
    {
        var usings =
            from directive in Nodes<UsingDirectiveSyntax>(model)
            where directive.GlobalKeyword.IsKind(SyntaxKind.None)
            from symbol in Bound(model, directive.NamespaceOrType)
            from declaration in Nodes<BaseNamespaceDeclarationSyntax>(model)
            select ReferenceTo(symbol, declaration, $"using {directive.NamespaceOrType}");
        var names =
            from name in Nodes<SimpleNameSyntax>(model)
            where !name.IsVar && name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null
            let declaration = name.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>()
            where declaration is not null
            from symbol in Bound(model, name)
            where IsTypeOrStatic(symbol)
            select ReferenceTo(symbol, declaration, name.ToString());
        return usings.Concat(names).OfType<Reference>();
    }

    private static IEnumerable<T> Nodes<T>(SemanticModel model) => model.SyntaxTree.GetRoot().DescendantNodes().OfType<T>();

    private static IEnumerable<ISymbol> Bound(SemanticModel model, SyntaxNode name)
    {
        var info = model.GetSymbolInfo(name);
        return info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
    }

    private static bool IsTypeOrStatic(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol => true,
        IMethodSymbol { IsExtensionMethod: true } or IMethodSymbol { MethodKind: MethodKind.Constructor } => true,
        IMethodSymbol or IFieldSymbol or IPropertySymbol or IEventSymbol => symbol.IsStatic || symbol.ContainingType?.IsExtension == true,
        _ => false,
    };

    private static Reference? ReferenceTo(ISymbol symbol, BaseNamespaceDeclarationSyntax declaration, string name)
    {
        var from = declaration.Name.ToString();
        var to = (symbol as INamespaceSymbol ?? symbol.ContainingNamespace).ToDisplayString();
        return to != from && symbol.Locations.Any(location => location.IsInSource)
            ? new Reference(from, to, declaration.SyntaxTree.FilePath, name)
            : null;
    }
}
