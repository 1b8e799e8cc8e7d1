namespace DicomFunctions.Architecture.Tests.Namespaces;

public sealed class ReferenceReaderTests
{
    private const string Thing = """
        namespace Root.B;
        public class Thing { public static int Count; public const int Most = 1; public class Inner { } }
        public enum Kind { One }
        public static class Extensions
        {
            public static void Greet(this string text) { }
            extension(int number) { public int Twice => 2 * number; }
        }
        """;

    [Theory]
    [InlineData("using Root.B; namespace Root.A; class One { }", "using Root.B")]
    [InlineData("namespace Root.A; using Root.B; class One { }", "using Root.B")]
    [InlineData("using static Root.B.Thing; namespace Root.A; class One { }", "using Root.B.Thing")]
    [InlineData("using T = Root.B.Thing; namespace Root.A; class One { }", "using Root.B.Thing")]
    [InlineData("namespace Root.A; class One { Root.B.Thing? thing; }", "Thing")]
    [InlineData("namespace Root.A; class One { global::Root.B.Thing? thing; }", "Thing")]
    [InlineData("namespace Root.A; class One { B.Thing? thing; }", "Thing")]
    [InlineData("namespace Root.B.A; class One { Thing? thing; }", "Thing")]
    [InlineData("namespace Root.B.A; class One : Thing { }", "Thing")]
    [InlineData("namespace Root.B.A; class One { System.Collections.Generic.List<Thing>? things; }", "Thing")]
    [InlineData("namespace Root.B.A; class One { string name = nameof(Thing); }", "Thing")]
    [InlineData("namespace Root.B.A; class One { object kind = Kind.One; }", "Kind")]
    [InlineData("namespace Root.B.A; class One { int most = Thing.Most; }", "Most")]
    [InlineData("namespace Root.B.A; class One { bool Is(object o) => o is Thing.Inner; }", "Inner")]
    [InlineData("namespace Root.B.A; class One { void Do() => \"\".Greet(); }", "Greet")]
    [InlineData("namespace Root.B.A; class One { int Do() => 1.Twice; }", "Twice")]
    [InlineData("namespace Root.B.A; class One { void Do() { var x = Missing.Of<Thing>(); } }", "Thing")]
    public void Read_a_reference_is_found(string text, string name)
    {
        var references = Read(text);

        Assert.Contains(references, reference => reference is { To: "Root.B", Path: "One.cs" } && reference.Name == name);
        var from = text.Contains("Root.B.A;", StringComparison.Ordinal) ? "Root.B.A" : "Root.A";
        Assert.All(references, reference => Assert.Equal(from, reference.From));
    }

    [Fact]
    public void Read_a_global_using_counts_where_its_names_are_used()
    {
        var references = ReferenceReader.Read(
            [
                new SourceFile("Thing.cs", Thing, "Root.B"),
                new SourceFile("One.cs", "namespace Root.A; class One { Thing? thing; }", "Root.A"),
                new SourceFile("Two.cs", "namespace Root.C; class Two { }", "Root.C"),
                new SourceFile("Three.cs", "global using static Root.B.Thing;", "Root"),
                new SourceFile("Four.cs", "namespace Root.D; class Four { int count = Count; }", "Root.D"),
            ],
            ["Root.B"],
            "Root");

        Assert.Equal(
            [new Reference("Root.A", "Root.B", "One.cs", "Thing"), new Reference("Root.D", "Root.B", "Four.cs", "Count")], references);
    }

    [Theory]
    [InlineData("namespace Root.B; class One { Thing? thing; }")]
    [InlineData("namespace Root.A; class Thing { } class One { Thing? thing; }")]
    [InlineData("namespace Root.B.A; /// <summary>As <see cref=\"Thing\"/>.</summary>\nclass One { }")]
    [InlineData("namespace Root.B.A; class One { int Thing; int Do() => this.Thing; }")]
    [InlineData("namespace Root.A; class One { string text = \"Root.B.Thing\"; /* Root.B.Thing */ }")]
    public void Read_anything_else_is_not(string text) => Assert.Empty(Read(text));

    [Fact]
    public void Read_a_using_of_what_no_file_declares_is_an_error()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read("using Root.Elsewhere; namespace Root.A; class One { }"));

        Assert.Equal("One.cs: no file declares Root.Elsewhere.", exception.Message);
    }

    private static IReadOnlyList<Reference> Read(string text) =>
        ReferenceReader.Read([new SourceFile("Thing.cs", Thing, "Root.B"), new SourceFile("One.cs", text, "Root.A")], [], "Root");
}
