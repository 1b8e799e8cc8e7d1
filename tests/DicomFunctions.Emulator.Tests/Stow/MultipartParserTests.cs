using System.IO.Pipelines;
using System.Text;
using DicomFunctions.Emulator.Stow;

namespace DicomFunctions.Emulator.Tests.Stow;

public sealed class MultipartParserTests
{
    [Theory]
    [InlineData("--b\r\nContent-Type: application/dicom\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n", "one", "two")]
    [InlineData("preamble\r\nof two lines\r\n--b\r\n\r\none\r\n--b--", "one")]
    [InlineData("\r\n--b\r\n\r\none\r\n--b--epilogue", "one")]
    [InlineData("--b  \r\n\r\none\r\n--b--\r\n", "one")]
    [InlineData("--b\r\n\r\n\r\n--b--\r\n", "")]
    [InlineData("--b\r\n\r\n\r\n-b\r\n--a\r\n\r\r\n--b--\r\n", "\r\n-b\r\n--a\r\n\r")]
    [InlineData("--b--\r\n")]
    public async Task Next_part_well_formed_body_returns_every_part(string body, params string[] expected)
    {
        // In pieces of every size, so that every boundary is also split.
        for (var piece = 1; piece <= 20; piece++)
            Assert.Equal(expected, await PartsAsync(body, piece));
    }

    [Fact]
    public async Task Next_part_header_names_are_in_lower_case()
    {
        var parser = new MultipartParser(Pieces("--b\r\nContent-Type: application/dicom; a=1\r\nX-Other:x\r\n\r\nbody\r\n--b--", 5), "b");

        var headers = await parser.NextPartAsync(default);

        Assert.Equal("application/dicom; a=1", headers!["content-type"]);
        Assert.Equal("x", headers["x-other"]);
    }

    [Fact]
    public async Task Next_part_unread_body_is_skipped()
    {
        var parser = new MultipartParser(Pieces("--b\r\n\r\nfirst\r\n--b\r\nN: 2\r\n\r\nsecond\r\n--b--", 7), "b");
        await parser.NextPartAsync(default);

        Assert.Equal("2", (await parser.NextPartAsync(default))!["n"]);
        Assert.Null(await parser.NextPartAsync(default));
        Assert.Null(await parser.NextPartAsync(default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no boundary at all")]
    [InlineData("--b\r\n\r\nno end")]
    [InlineData("--b\r\nHeader-Without: End\r\n")]
    [InlineData("--b\r\n\r\nbody\r\n--bee\r\n\r\n--b--")]
    public async Task Next_part_malformed_body_is_refused(string body) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => PartsAsync(body, 3));

    [Theory]
    [InlineData("--b\r\nA: ")]
    [InlineData("")]
    public async Task Next_part_endless_headers_are_refused_before_they_fill_memory(string start) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => PartsAsync(start + new string('x', 100_000), 4096));

    [Fact]
    public async Task Read_body_random_bytes_are_unchanged()
    {
        var random = new Random(11);
        var body = new byte[300_000];
        random.NextBytes(body);
        for (var i = 0; i < body.Length - 6; i += random.Next(50, 200))
            "\r\n--b"u8[..random.Next(1, 5)].CopyTo(body.AsSpan(i));

        byte[] whole = [.. "--boundary\r\n\r\n"u8, .. body, .. "\r\n--boundary--"u8];
        var reader = PipeReader.Create(new MemoryStream(whole), new StreamPipeReaderOptions(bufferSize: 777));
        var parser = new MultipartParser(reader, "boundary");
        await parser.NextPartAsync(default);
        using var read = new MemoryStream();
        await parser.ReadBodyAsync((bytes, _) => Write(read, bytes), default);

        Assert.Equal(body, read.ToArray());
    }

    private static ValueTask Write(MemoryStream stream, System.Buffers.ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            stream.Write(segment.Span);

        return ValueTask.CompletedTask;
    }

    private static async Task<string[]> PartsAsync(string body, int piece)
    {
        var parser = new MultipartParser(Pieces(body, piece), "b");
        var parts = new List<string>();
        while (await parser.NextPartAsync(default) is not null)
        {
            using var part = new MemoryStream();
            await parser.ReadBodyAsync((bytes, _) => Write(part, bytes), default);
            parts.Add(Encoding.ASCII.GetString(part.ToArray()));
        }

        return [.. parts];
    }

    private static PipeReader Pieces(string body, int piece)
    {
        var pipe = new Pipe();
        _ = WriteAsync();
        return pipe.Reader;

        async Task WriteAsync()
        {
            foreach (var chunk in Encoding.ASCII.GetBytes(body).Chunk(piece))
                await pipe.Writer.WriteAsync(chunk);

            await pipe.Writer.CompleteAsync();
        }
    }
}
