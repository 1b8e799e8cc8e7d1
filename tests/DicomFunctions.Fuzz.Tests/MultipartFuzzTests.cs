using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using DicomFunctions.Core.DicomWeb.Stow;
using DicomFunctions.Core.Net;
using DicomFunctions.Emulator.Stow;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>
/// Bodies of several parts (RFC 2046 §5.1): what <see cref="StowContent"/> writes, and what <see cref="MultipartParser"/> reads.
/// </summary>
public sealed class MultipartFuzzTests
{
    private static readonly byte[][] Tokens =
    [
        .. new[] { "\r\n", "--", "\r\n--b", "\r\n--b--", "\r\n--b\r\n", "\r\n\r\n", ":", "\r", "\n", "b", " " }.Select(
            Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Parts_come_out_as_they_were_written() => Fuzzing.Check(
        (from multipart in Multiparts.Any from pieces in Gen.Choose(1, 90) select (multipart, pieces)).ToArbitrary(),
        both =>
        {
            var (expected, bytes) = both.multipart;
            Assert.Equal(expected, Read(new Input(bytes, both.pieces, 7)));
        },
        runs: 1000);

    [Fact]
    public void What_is_sent_to_a_store_is_read_back_whole() => Fuzzing.Check(Multiparts.Content.ArrayOf().ToArbitrary(), contents =>
    {
        using var idle = new IdleTimer(TimeSpan.FromMinutes(1), TimeProvider.System, default);
        using var content = new StowContent([.. contents.Select(file => new BytesInstance(file))], multipart: true, idle);
        var bytes = content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        Assert.Equal(content.Headers.ContentLength, bytes.Length);
        var boundary = content.Headers.ContentType!.Parameters.Single(parameter => parameter.Name == "boundary").Value!;
        Assert.Equal(contents, Read(new Input(bytes, 11, 4096), boundary));
    });

    [Fact]
    public void A_damaged_body_has_parts_or_is_refused() =>
        Fuzzing.Check(Input.Of(Damage.Of(Multiparts.Any.Select(multipart => multipart.Bytes), Tokens)), HasPartsOrIsRefused, runs: 2000);

    [Fact]
    public void Noise_is_refused() => Fuzzing.Check(Input.Of(Damage.Noise), HasPartsOrIsRefused);

    [Theory]
    [Corpus("multipart")]
    public void What_was_found_stays_found(string file) =>
        Assert.All(Input.InPieces(CorpusAttribute.Read("multipart", file)), input => Fuzzing.Replay(input, HasPartsOrIsRefused));

    /// <summary>And either way the same however the body arrives.</summary>
    private static void HasPartsOrIsRefused(Input input) => Assert.Equal(TryRead(new Input(input.Bytes, 1 << 20)), TryRead(input));

    private static List<byte[]>? TryRead(Input input)
    {
        try
        {
            return Read(input);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static List<byte[]> Read(Input input, string boundary = "b") => Memory.AtMost(200_000 + (60L * input.Bytes.Length), async () =>
    {
        using var stream = input.Open();
        var parser = new MultipartParser(PipeReader.Create(stream), boundary);
        List<byte[]> parts = [];
        while (await parser.NextPartAsync(default) is not null)
        {
            var part = new ArrayBufferWriter<byte>();
            await parser.ReadBodyAsync((bytes, _) => Append(part, bytes), default);
            parts.Add(part.WrittenSpan.ToArray());
        }

        return parts;
    });

    private static ValueTask Append(ArrayBufferWriter<byte> part, in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            part.Write(segment.Span);
        return ValueTask.CompletedTask;
    }
}
