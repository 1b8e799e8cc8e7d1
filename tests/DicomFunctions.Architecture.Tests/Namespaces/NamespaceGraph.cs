using System.Text;

namespace DicomFunctions.Architecture.Tests.Namespaces;

/// <summary>Namespaces and the references between them.</summary>
internal sealed class NamespaceGraph(IReadOnlyList<Reference> references)
{
    private readonly ILookup<string, string> _next =
        references.Select(reference => (reference.From, reference.To)).Distinct().ToLookup(edge => edge.From, edge => edge.To);

    /// <summary>The knots: sets of two or more namespaces in which each leads to every other. Each set is sorted.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Knots()
    {
        var reachable = _next.ToDictionary(from => from.Key, from => Reachable(from.Key));
        return [.. reachable.Keys
            .Select(name => (string[])[.. reachable[name].Where(other => reachable.GetValueOrDefault(other)?.Contains(name) == true)
                .Order(StringComparer.Ordinal)])
            .Where(knot => knot.Length > 1)
            .DistinctBy(knot => knot[0])
            .OrderBy(knot => knot[0], StringComparer.Ordinal)];
    }

    /// <summary>Describes a knot: its references with the files and names behind them, those of the fewest files first.</summary>
    public string Describe(IReadOnlyList<string> knot)
    {
        var text = new StringBuilder($"{knot.Count} namespaces depend on each other: {string.Join(", ", knot)}\n");
        var edges = references
            .Where(reference => knot.Contains(reference.From) && knot.Contains(reference.To))
            .GroupBy(reference => (reference.From, reference.To))
            .OrderBy(edge => edge.Select(reference => reference.Path).Distinct().Count())
            .ThenBy(edge => edge.Key.From, StringComparer.Ordinal)
            .ThenBy(edge => edge.Key.To, StringComparer.Ordinal);
        foreach (var edge in edges)
        {
            text.Append($"  {edge.Key.From} -> {edge.Key.To}\n");
            foreach (var file in edge.GroupBy(reference => reference.Path))
                text.Append($"    {file.Key}: {string.Join(", ", file.Select(reference => reference.Name).Distinct())}\n");
        }

        return text.ToString();
    }

    private HashSet<string> Reachable(string start)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<string>([start]);
        while (left.TryPop(out var name))
        {
            foreach (var next in _next[name].Where(seen.Add))
                left.Push(next);
        }

        return seen;
    }
}
