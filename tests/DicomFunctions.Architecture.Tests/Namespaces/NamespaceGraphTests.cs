namespace DicomFunctions.Architecture.Tests.Namespaces;

public sealed class NamespaceGraphTests
{
    [Fact]
    public void Knots_without_a_circle_are_none() => Assert.Empty(Graph("A>B", "B>C", "A>C").Knots());

    [Fact]
    public void Knots_are_the_namespaces_that_lead_to_each_other_each_once()
    {
        var knots = Graph("A>B", "B>C", "C>A", "C>D", "D>E", "E>D", "Z>A", "E>F").Knots();

        Assert.Equal([["A", "B", "C"], ["D", "E"]], knots);
    }

    [Fact]
    public void Describe_names_the_files_that_hold_the_knot_the_fewest_first()
    {
        var graph = new NamespaceGraph(
        [
            new Reference("A", "B", "A/One.cs", "using B"),
            new Reference("A", "B", "A/Two.cs", "Thing"),
            new Reference("A", "B", "A/Two.cs", "Other"),
            new Reference("A", "C", "A/Two.cs", "Else"),
            new Reference("B", "A", "B/Three.cs", "Base"),
        ]);

        Assert.Equal(
            """
            2 namespaces depend on each other: A, B
              B -> A
                B/Three.cs: Base
              A -> B
                A/One.cs: using B
                A/Two.cs: Thing, Other

            """,
            graph.Describe(Assert.Single(graph.Knots())));
    }

    private static NamespaceGraph Graph(params string[] edges) =>
        new([.. edges.Select(edge => new Reference(edge[..1], edge[2..], "File.cs", "Name"))]);
}
