using System.Text;
using DicomFunctions.Core.DicomWeb.Wado;
using DicomFunctions.Core.Net;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>Multipart answers to retrievals: what <see cref="AnswerParts"/> reads.</summary>
public sealed class AnswerPartsFuzzTests
{
    private static readonly byte[][] Tokens =
    [
        .. new[] { "\r\n--b", "\r\n--b--", "\r\n--b\r\n", "\r\n--b\n", "--b", "\r\n\r\n", "\n\n", ":", "\r", "\n", "-", " " }.Select(
            Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Parts_of_answers_come_out_as_they_were_framed() => Fuzzing.Check(
        (from answer in Multiparts.Answer from pieces in Gen.Choose(1, 90) select (answer, pieces)).ToArbitrary(),
        both =>
        {
            var (types, parts, bytes) = both.answer;
            var read = Read(new Input(bytes, both.pieces, 7));
            Assert.Equal(PartsOracle.Whole, read.Ending);
            Assert.Equal(types, read.Types);
            AssertSame(parts, read.Parts);
        },
        runs: 1000);

    [Fact]
    public void A_damaged_answer_has_the_same_parts_and_ending_however_it_arrives() =>
        Fuzzing.Check(Input.Of(Damage.Of(Multiparts.Answer.Select(answer => answer.Bytes), Tokens)), IsReadAsTheOracleDoes, runs: 2000);

    [Fact]
    public void Noise_has_no_parts() => Fuzzing.Check(Input.Of(Damage.Noise), IsReadAsTheOracleDoes);

    [Theory]
    [Corpus("multipart")]
    public void What_was_found_in_other_bodies_is_read_the_same_however_it_arrives(string file) => Assert.All(
        Input.InPieces(CorpusAttribute.Read("multipart", file)), input => Fuzzing.Replay(input, IsReadAsTheOracleDoes));

    /// <summary>Up to the limits for headers and preamble, which the oracle does not know.</summary>
    private static void IsReadAsTheOracleDoes(Input input)
    {
        var read = Read(input);
        var atOnce = Read(new Input(input.Bytes, 1 << 20));
        Assert.Equal(atOnce.Ending, read.Ending);
        Assert.Equal(atOnce.Types, read.Types);
        AssertSame(atOnce.Parts, read.Parts);
        if (input.Bytes.Length > AnswerParts.MaxHeaderBytes)
            return;
        var oracle = PartsOracle.Read(input.Bytes);
        Assert.Equal(oracle.Ending, read.Ending);
        AssertSame(oracle.Parts, read.Parts);
    }

    private static void AssertSame(IReadOnlyList<byte[]> expected, List<byte[]> parts) =>
        Assert.True(expected.Count == parts.Count && expected.Zip(parts).All(both => both.First.AsSpan().SequenceEqual(both.Second)));

    private static AnswerRead Read(Input input) => Memory.AtMost(500_000 + (60L * input.Bytes.Length), async () =>
    {
        using var idle = new IdleTimer(TimeSpan.FromMinutes(1), TimeProvider.System, default);
        await using var stream = input.Open();
        using var parts = new AnswerParts(stream, "b", () => true, idle);
        var read = new AnswerRead([], [], "");
        try
        {
            while (await parts.NextAsync() is { } part)
            {
                using var copy = new MemoryStream();
                var buffer = new byte[50];
                if (read.Parts.Count % 2 == 1)
                    await part.CopyToAsync(copy);
                while (await part.ReadAsync(buffer) is var count and > 0)
                    copy.Write(buffer, 0, count);
                read.Parts.Add(copy.ToArray());
                read.Types.Add(part.Type.Name);
            }

            await parts.FinishAsync();
            return read with { Ending = PartsOracle.Whole };
        }
        catch (MalformedAnswerException)
        {
            return read with { Ending = PartsOracle.Malformed };
        }
        catch (EndOfStreamException)
        {
            return read with { Ending = PartsOracle.Broken };
        }
    });

    private sealed record AnswerRead(List<string> Types, List<byte[]> Parts, string Ending);
}
