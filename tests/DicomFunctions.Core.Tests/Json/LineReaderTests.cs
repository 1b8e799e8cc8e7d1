using System.Text;
using DicomFunctions.Core.Json;
using Xunit;

namespace DicomFunctions.Core.Tests.Json;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("a\nbc", new[] { "a", "bc" })]
    [InlineData("a\n\nbc\n", new[] { "a", "", "bc" })]
    public async Task Lines_come_without_their_ends_and_the_last_needs_none(string text, string[] expected) =>
        Assert.Equal(expected, await LinesAsync(new MemoryStream(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public async Task A_line_longer_than_any_buffer_is_one_line()
    {
        var expected = new[] { new string('x', 300_000), "é", new string('y', 70_000) };
        Assert.Equal(expected, await LinesAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', expected)))));
    }

    [Fact]
    public async Task The_stream_stays_open()
    {
        var stream = new MemoryStream("a\n"u8.ToArray());
        await LinesAsync(stream);
        Assert.True(stream.CanRead);
    }

    private static async Task<List<string>> LinesAsync(Stream stream)
    {
        List<string> lines = [];
        await foreach (var line in LineReader.ReadAsync(stream, CancellationToken.None))
            lines.Add(Encoding.UTF8.GetString(line.Span));
        return lines;
    }
}
