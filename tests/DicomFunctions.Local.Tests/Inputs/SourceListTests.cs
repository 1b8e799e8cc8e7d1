using System.Text;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Local.Usage;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Inputs;

public sealed class SourceListTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.dcm\n\n/b c.dcm\r\n[1].dcm", "a.dcm|/b c.dcm|[1].dcm")]
    [InlineData("\uFEFFa.dcm\nb.dcm", "a.dcm|b.dcm")]
    [InlineData("a,b.dcm", "a,b.dcm")]
    [InlineData("gs://b/1.dcm\nsource", "gs://b/1.dcm|source")]
    [InlineData("source\na.dcm\n\"b, c.dcm\"\n\"d \"\"e\"\".dcm\"", "a.dcm|b, c.dcm|d \"e\".dcm")]
    [InlineData("Path\r\na.dcm\r\n", "a.dcm")]
    [InlineData("[\"a.dcm\",\"b.dcm\"]", "a.dcm|b.dcm")]
    [InlineData("\"a.dcm\"\n\"b.dcm\"\n", "a.dcm|b.dcm")]
    [InlineData("{\"inputs\":[\"a.dcm\"]}", "a.dcm")]
    public async Task Lines_CSV_and_JSON_are_told_apart(string text, string sources) =>
        Assert.Equal(sources.Split('|'), (await ReadAsync(Encoding.UTF8.GetBytes(text))).Select(input => input.Source));

    [Fact]
    public async Task With_NUL_everything_between_belongs_to_a_name() =>
        Assert.Equal(
            ["a\nb.dcm", "source", "\"c\"\r"],
            (await ReadAsync("a\nb.dcm\0source\0\"c\"\r\0\0"u8.ToArray(), isNulSeparated: true)).Select(input => input.Source));

    [Fact]
    public async Task A_JSON_value_that_is_no_source_is_an_input_with_a_problem() =>
        Assert.Equal([false, true], (await ReadAsync("[\"a.dcm\",7]"u8.ToArray())).Select(input => input.Problem is not null));

    [Fact]
    public async Task A_line_that_is_not_UTF8_is_named() =>
        Assert.Equal(
            "Line 2 is not UTF-8.",
            (await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync([.. "a\n"u8, 0xff, 0xfe]))).Message);

    [Theory]
    [InlineData("source\na,b\n", typeof(InputFormatException))]
    [InlineData("", typeof(CommandFailedException))]
    [InlineData("\n \n", null)]
    [InlineData("source\n", typeof(CommandFailedException))]
    [InlineData("{\"inputs\":[\"a\"],\"destination\":\"x\"}", typeof(UsageException))]
    public async Task A_list_without_sources_or_with_more_columns_is_refused(string text, Type? exception)
    {
        var failure = await Record.ExceptionAsync(() => ReadAsync(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(exception, failure?.GetType());
    }

    [Fact]
    public async Task A_missing_file_is_named() =>
        Assert.StartsWith(
            "--input: cannot read 'none'",
            (await Assert.ThrowsAsync<CommandFailedException>(async () =>
                await SourceList.ReadAsync("none", false, CancellationToken.None).ToListAsync())).Message,
            StringComparison.Ordinal);

    private async Task<List<UploadInput>> ReadAsync(byte[] text, bool isNulSeparated = false)
    {
        var file = _folder.Combine("list");
        await File.WriteAllBytesAsync(file, text);
        return await SourceList.ReadAsync(file, isNulSeparated, CancellationToken.None).ToListAsync();
    }
}
