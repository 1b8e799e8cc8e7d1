using System.Text;
using DicomFunctions.Core.DicomWeb.Wado;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Wado;

public sealed class AnswerPartsTests : IDisposable
{
    private const string Headers = "Content-Type: application/dicom\r\n\r\n";

    private readonly IdleTimer _idle = new(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);

    public static TheoryData<string> Boundaries =>
    [
        "b", "-", "--", "=_x", "(.*)+?/:=,_'", "a b", "\\d{3}[^-]", new string('-', 70),
        "1234567890123456789012345678901234567890123456789012345678901234567890",
    ];

    public void Dispose() => _idle.Dispose();

    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task Parts_come_out_as_they_went_in_whatever_the_boundary(string boundary)
    {
        string[] parts = ["one", "", "\r\n--", $"\r\n--{boundary[..^1]}", $"\n--{boundary}\r", new('x', 300_000), "\r\n"];
        var body = string.Concat(parts.Select(part => $"--{boundary}\r\n{Headers}{part}\r\n")) + $"--{boundary}--";
        foreach (var size in new[] { 1, 7, 64 * 1024, 1 << 20 })
            Assert.Equal(parts, await ReadAsync(body, boundary, size));
    }

    [Theory]
    [InlineData("--b\r\n{h}1\r\n--b\r\n{h}2\r\n--b--")]
    [InlineData("\r\n--b\r\n{h}1\r\n--b\r\n{h}2\r\n--b--\r\n")]
    [InlineData("a preamble\r\nof lines --b\r\n--a\r\n--b\r\n{h}1\r\n--b\r\n{h}2\r\n--b--\r\nan epilogue\r\n--b\r\n")]
    [InlineData("--b\n{h}1\r\n--b\n{h}2\r\n--b--\n")]
    [InlineData("--b \t \r\n{h}1\r\n--b \n{h}2\r\n--b--")]
    [InlineData("--b\r\nContent-Type: application/dicom\n\n1\r\n--b\r\ncontent-type:APPLICATION/dicom;x=y\r\n\r\n2\r\n--b--")]
    [InlineData(
        "--b\r\nContent-Length: 99\r\nContent-Type:\r\n application/dicom;\r\n\tx=y\r\nA: b\r\n c\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--")]
    public async Task Parts_are_found_however_they_are_framed(string body)
    {
        body = body.Replace("{h}", Headers, StringComparison.Ordinal);
        for (var size = 1; size <= body.Length; size++)
            Assert.Equal(["1", "2"], await ReadAsync(body, "b", size));
    }

    [Theory]
    [InlineData("--b\r\n{h}1\r\n--bc\r\n", "Text follows a boundary of the multipart answer on its line.")]
    [InlineData("--b\r\n{h}1\r\n--b -\r\n", "Text follows a boundary of the multipart answer on its line.")]
    [InlineData("--b\r\n{h}1\r\n--b-c\r\n", "Text follows a boundary of the multipart answer on its line.")]
    [InlineData("--b\r\n{h}1\r\n--b\rc\n", "Text follows a boundary of the multipart answer on its line.")]
    [InlineData("--b\r\n{h}1\r\n--b{long}", "A line of the multipart answer is too long.")]
    [InlineData("--b\r\nno header\r\n\r\n", "A header of a part of the answer is malformed.")]
    [InlineData("--b\r\n: a\r\n\r\n", "A header of a part of the answer is malformed.")]
    [InlineData("--b\r\n a: b\r\n\r\n", "A header of a part of the answer is malformed.")]
    [InlineData("--b\r\nA: {long}", "The headers of a part of the answer are too long.")]
    [InlineData("--b\r\nA: b\r\nC: {long}\r\n\r\n", "The headers of a part of the answer are too long.")]
    [InlineData("{long}a\r\n--b\r\n", "The multipart answer does not begin with its boundary.")]
    public async Task A_malformed_answer_is_refused_however_it_arrives(string body, string message)
    {
        body = body.Replace("{h}", Headers, StringComparison.Ordinal)
            .Replace("{long}", new string(' ', AnswerParts.MaxHeaderBytes + 1), StringComparison.Ordinal);
        foreach (var size in new[] { 1, 5, 1 << 20 })
        {
            var exception = await Assert.ThrowsAsync<MalformedAnswerException>(() => ReadAsync(body, "b", size));
            Assert.Equal(message, exception.Message);
        }
    }

    [Fact]
    public async Task Headers_of_just_the_most_bytes_are_read()
    {
        const string End = "\r\n" + Headers;
        var headers = "A: " + new string('x', AnswerParts.MaxHeaderBytes - End.Length - 3) + End;
        Assert.Equal(["1"], await ReadAsync($"--b\r\n{headers}1\r\n--b--", "b", 1000));
    }

    [Fact]
    public async Task A_part_of_2_GB_takes_no_more_memory_than_a_small_one()
    {
        const long Length = 2L << 30;
        await using var body = new ZeroesStream(Encoding.ASCII.GetBytes($"--b\r\n{Headers}"), Length, "\r\n--b--"u8.ToArray());
        using var parts = new AnswerParts(body, "b", () => true, _idle);
        var buffer = new byte[64 * 1024];
        var (total, before) = (0L, GC.GetAllocatedBytesForCurrentThread());
        var part = await parts.NextAsync();
        // Half through reading, half by copying.
        while (total < Length / 2)
            total += await part!.ReadAsync(buffer);
        await using var rest = new CountingStream();
        await part!.CopyToAsync(rest);
        total += rest.Length;
        Assert.Null(await parts.NextAsync());
        Assert.Equal(Length, total);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private async Task<List<string>> ReadAsync(string body, string boundary, int size)
    {
        await using var stream = new ChoppedStream(Encoding.Latin1.GetBytes(body), size);
        using var parts = new AnswerParts(stream, boundary, () => true, _idle);
        List<string> read = [];
        while (await parts.NextAsync() is { } part)
        {
            Assert.True(part.Type.IsDicom || part.Type.IsMissing);
            using var copy = new MemoryStream();
            if (read.Count % 2 == 0)
            {
                await part.CopyToAsync(copy);
            }
            else
            {
                var buffer = new byte[100];
                while (await part.ReadAsync(buffer) is var count and > 0)
                    copy.Write(buffer, 0, count);
            }

            read.Add(Encoding.Latin1.GetString(copy.ToArray()));
        }

        return read;
    }

    /// <summary>A beginning, zeroes, and an end, made as they are read.</summary>
    private sealed class ZeroesStream(byte[] beginning, long zeroes, byte[] end) : MemoryStream
    {
        private long _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var at = _position;
            var count = at < beginning.Length ? Copy(beginning, at)
                : at < beginning.Length + zeroes ? (int)Math.Min(buffer.Length, beginning.Length + zeroes - at)
                : Copy(end, at - beginning.Length - zeroes);
            if (at >= beginning.Length && at < beginning.Length + zeroes)
                buffer.Span[..count].Clear();
            _position += count;
            return ValueTask.FromResult(count);

            int Copy(byte[] bytes, long from)
            {
                var piece = bytes.AsSpan((int)from);
                piece.CopyTo(buffer.Span);
                return piece.Length;
            }
        }
    }

    private sealed class CountingStream : MemoryStream
    {
        private long _length;

        public override long Length => _length;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _length += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
