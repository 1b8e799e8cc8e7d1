using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Json;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>Bodies of inputs, while they arrive: <see cref="JsonInputReader"/> and <see cref="LineReader"/>.</summary>
public sealed class InputFuzzTests
{
    private const string ArrayKey = "requests";
    private const int MaxValueBytes = 10_000;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\"requests\":[", "\\ud800", "\u0000", "{}", "[]", "1", "//", "\uFEFF",
        }.Select(
            Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Every_input_of_a_body_comes_out_once_and_as_it_is() => Fuzzing.Check(Input.OfWhole(Bodies.Any), input =>
    {
        Assert.NotNull(BodyOracle.Read(input.Bytes, ArrayKey, out _));
        AgreesWithTheOracle(input);
    });

    [Fact]
    public void Any_body_gives_its_inputs_or_a_problem_that_says_where() =>
        Fuzzing.Check(Input.Of(Damage.Of(Bodies.Any.Select(Encoding.UTF8.GetBytes), Tokens)), AgreesWithTheOracle, runs: 4000);

    [Fact]
    public void Noise_gives_a_problem_or_what_JSON_it_is() => Fuzzing.Check(Input.Of(Damage.Noise), AgreesWithTheOracle);

    [Fact]
    public void A_value_over_the_limit_is_refused_with_little_more_than_the_limit_read() => Fuzzing.Check(
        (from opening in Gen.Elements(
             "\"", "[\"", "[[", "[{\"a\":\"", "{\"x\":\"", "{\"requests\":[1],\"x\":\"", "{\"requests\":[\"", "\"a\"\n\"", "{\"")
         from size in Gen.Elements(1, 100, 4096)
         select (opening, size)).ToArbitrary(),
        body =>
        {
            using var stream = new PiecesStream(
                [.. Encoding.UTF8.GetBytes(body.opening), .. Enumerable.Repeat((byte)'1', 200_000)], [body.size]);
            Assert.Throws<RequestTooLargeException>(() => Memory.AtMost(100_000, () => ReadAsync(stream)));
            Assert.InRange(stream.Position, MaxValueBytes, MaxValueBytes + 10_000);
        },
        runs: 30);

    [Fact]
    public void Lines_are_what_stands_between_line_feeds() => Fuzzing.Check(
        Input.Of(Damage.Of(Bodies.Any.Select(Encoding.UTF8.GetBytes), "\n"u8.ToArray())),
        input =>
        {
            var expected = Encoding.Latin1.GetString(input.Bytes).Split('\n').ToList();
            if (expected[^1].Length == 0)
                expected.RemoveAt(expected.Count - 1);
            Assert.Equal(expected, Memory.AtMost(100_000 + (8L * input.Bytes.Length), async () =>
            {
                using var stream = input.Open();
                List<string> lines = [];
                await foreach (var line in LineReader.ReadAsync(stream, default))
                    lines.Add(Encoding.Latin1.GetString(line.Span));
                return lines;
            }));
        });

    [Theory]
    [Corpus("inputs")]
    public void What_was_found_stays_found(string file) =>
        Assert.All(Input.InPieces(CorpusAttribute.Read("inputs", file)), input => Fuzzing.Replay(input, AgreesWithTheOracle));

    private static void AgreesWithTheOracle(Input input)
    {
        var oracle = BodyOracle.Read(input.Bytes, ArrayKey, out var malformed);
        try
        {
            using var stream = input.Open();
            var (inputs, options) = Memory.AtMost(100_000 + (400L * input.Bytes.Length), () => ReadAsync(stream));
            Assert.NotNull(oracle);
            Assert.Equal(oracle.Inputs, inputs);
            Assert.Equal(oracle.Options, options);
        }
        catch (InputFormatException problem)
        {
            Assert.Null(oracle);
            if (problem.Message.StartsWith("Line ", StringComparison.Ordinal)
                && !problem.Message.Contains(": Unexpected content", StringComparison.Ordinal))
            {
                Assert.StartsWith(
                    $"Line {malformed?.LineNumber + 1}, position {malformed?.BytePositionInLine + 1}: ",
                    problem.Message,
                    StringComparison.Ordinal);
            }
        }
    }

    private static async Task<(List<byte[]> Inputs, IReadOnlyDictionary<string, byte[]> Options)> ReadAsync(Stream body)
    {
        var reader = new JsonInputReader(PipeReader.Create(body), ArrayKey, MaxValueBytes);
        List<byte[]> inputs = [];
        while (await reader.ReadAsync(default) is { Count: > 0 } found)
            inputs.AddRange(found.Select(input => input.ToArray()));
        return (inputs, reader.Options);
    }
}
