using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Inputs;

public sealed class JsonInputReaderTests
{
    private static readonly int[] Sizes = [1, 2, 3, 7, 64, 4096];

    public static TheoryData<string, string[], string> Bodies => new()
    {
        { "{\"a\":1}", ["{\"a\":1}"], "" },
        { "\"text\"", ["\"text\""], "" },
        { " 5 ", ["5"], "" },
        { "null", ["null"], "" },
        { "[]", [], "" },
        { " [ {\"a\":[1,{}]} , \"x\", 1.5e3,null , [2] ] \n", ["{\"a\":[1,{}]}", "\"x\"", "1.5e3", "null", "[2]"], "" },
        { "{\"a\":1}\n{\"b\":2}\r\n\n\"x\"\n", ["{\"a\":1}", "{\"b\":2}", "\"x\""], "" },
        { "\"x\"\n{\"requests\":[]}\n", ["\"x\"", "{\"requests\":[]}"], "" },
        { "{\"requests\":[{\"a\":1},2]}", ["{\"a\":1}", "2"], "" },
        { "{\"requests\":[]}", [], "" },
        { "{\"buffer_size\":8,\"requests\":[1],\"max_workers\":5}", ["1"], "buffer_size=8;max_workers=5" },
        { "{\"x\":{\"requests\":[9]},\"requests\":[1]}", ["1"], "x={\"requests\":[9]}" },
        { "{\"requests\":[1],\"x\":[1,2],\"x\":true}", ["1"], "x=true" },
        { "{\"requests\":[1],\"requests\":[2]}", ["1", "2"], "" },
        { "{\"requests\":5}", ["{\"requests\":5}"], "" },
        { "{\"a\":1}[2]", ["{\"a\":1}", "[2]"], "" },
        { "\"a\"\n[\"b\"]\n\"c\"\n", ["\"a\"", "[\"b\"]", "\"c\""], "" },
        { "\"a\"\n[]\n[[1,{}],[2]]\nnull\n5\ntrue", ["\"a\"", "[]", "[[1,{}],[2]]", "null", "5", "true"], "" },
        { "\uFEFF{\"a\":1}", ["{\"a\":1}"], "" },
        { "\uFEFF\"a\"\n\"b\"", ["\"a\"", "\"b\""], "" },
        { "\uFEFF [1,2]", ["1", "2"], "" },
        { "\uFEFF{\"x\":1,\"requests\":[2]}", ["2"], "x=1" },
        { "\uFEFF5", ["5"], "" },
        { "{\"x\":\"requests\"}", ["{\"x\":\"requests\"}"], "" },
        { "{\"\\u0072equests\":[1]}", ["1"], "" },
        { "{\n \"requests\" : [\n{ \"é\" : \"\\\"]}\" }\n ]\n}", ["{ \"é\" : \"\\\"]}\" }"], "" },
    };

    public static TheoryData<string, string> Malformed => new()
    {
        { "", "The body is empty: give a JSON object, an array or NDJSON." },
        { " \n\t ", "The body is empty: give a JSON object, an array or NDJSON." },
        { "{", "Line 1, position 2:" },
        { "[1,2", "Line 1, position 5:" },
        { "{\"requests\":[1]", "Line 1, position 16:" },
        { "{\"a\":1}\n{\"b\":}\n", "Line 2, position 6:" },
        { "[\n {\"a\":1},\n {\"a\":x}\n]", "Line 3, position 7:" },
        { "[1,]", "Line 1, position 4:" },
        { "[1 2]", "Line 1, position 4:" },
        { "{a:1}", "Line 1, position 2:" },
        { "hello", "Line 1, position 1:" },
        { "<html>", "Line 1, position 1:" },
        { "{\"a\":1}\n]", "Line 2, position 1:" },
        { "{\"a\":\"x\ny\"}", "Line 1, position 8:" },
        { "[1] 2", "Line 1, position 5: Unexpected content after the JSON value that holds the inputs." },
        { "[1]\n{\"a\":1}", "Line 2, position 1: Unexpected content" },
        { "[\n1\n]\n\n  [2]", "Line 5, position 3: Unexpected content" },
        { "[1][2]", "Line 1, position 4: Unexpected content" },
        { "{\"requests\":[1]}{}", "Line 1, position 17: Unexpected content" },
        { "\uFEFF", "The body is empty" },
        { "\uFEFF[1,x]", "Line 1, position 4:" },
        { "\"a\"\n\uFEFF\"b\"", "Line 2, position 1:" },
        { "{\"requests\":[1]} x", "Line 1, position 18:" },
        { "{\"requests\":[1],\"\\ud800\":1}", "A key beside the inputs is no valid text." },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task ReadAsync_any_form_gives_the_inputs_as_they_are(string body, string[] inputs, string options)
    {
        foreach (var size in Sizes)
        {
            var (found, reader) = await ReadAsync(Encoding.UTF8.GetBytes(body), size);
            Assert.Equal(inputs, found);
            Assert.Equal(
                options, string.Join(';', reader.Options.Select(option => $"{option.Key}={Encoding.UTF8.GetString(option.Value)}")));
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task ReadAsync_malformed_says_where(string body, string message)
    {
        foreach (var size in Sizes)
        {
            var thrown = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(Encoding.UTF8.GetBytes(body), size));
            Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_malformed_many_buffers_on_still_says_where()
    {
        var body = new StringBuilder("[\n");
        for (var i = 0; i < 5000; i++)
            body.Append("  {\"search_type\": \"studies\", \"n\": ").Append(i).Append("},\n");
        body.Append("  {\"n\": oops}\n]");
        var thrown = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(Encoding.UTF8.GetBytes(body.ToString()), 4096));
        Assert.StartsWith("Line 5002, position 9:", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a\"\n{\"b\":1}\noops\n\"c\"", "Line 3, position 1:")]
    [InlineData("[\"a\",{\"b\":1}]\n\"c\"", "Line 2, position 1: Unexpected content")]
    [InlineData("{\"requests\":[\"a\",{\"b\":1}", "Line 1, position 25:")]
    public async Task ReadAsync_a_fault_after_inputs_gives_every_input_before_it(string body, string message)
    {
        foreach (var size in Sizes)
        {
            List<string> inputs = [];
            var thrown = await Assert.ThrowsAsync<InputFormatException>(
                () => ReadAsync(Encoding.UTF8.GetBytes(body), size, inputs: inputs));
            Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
            Assert.Equal(["\"a\"", "{\"b\":1}"], inputs);
        }
    }

    [Theory]
    [InlineData("utf-16", "UTF-16")]
    [InlineData("utf-16BE", "UTF-16")]
    [InlineData("utf-32", "UTF-32")]
    [InlineData("utf-32BE", "UTF-32")]
    public async Task ReadAsync_another_encodings_mark_names_it(string encoding, string name)
    {
        var written = Encoding.GetEncoding(encoding);
        byte[] body = [.. written.GetPreamble(), .. written.GetBytes("[1]")];
        foreach (var size in Sizes)
        {
            var thrown = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(body, size));
            Assert.Equal($"The JSON begins with the byte order mark of {name}: write it as UTF-8.", thrown.Message);
        }
    }

    [Fact]
    public async Task ReadAsync_many_inputs_gives_them_all_in_order()
    {
        var expected = Enumerable.Range(0, 20_000).Select(i => $"{{\"n\":{i},\"text\":\"{new string('x', i % 50)}\"}}").ToList();
        foreach (var body
            in new[]
            {
                $"[{string.Join(",\n", expected)}]",
                string.Join('\n', expected),
                $"{{\"requests\":[{string.Join(',', expected)}]}}",
            })
        {
            var (found, _) = await ReadAsync(Encoding.UTF8.GetBytes(body), 4096);
            Assert.Equal(expected, found);
        }
    }

    [Theory]
    [InlineData("[\"{0}\"]")]
    [InlineData("\"{0}\"")]
    [InlineData("{{\"a\":\"{0}\"}}")]
    [InlineData("{{\"requests\":[1],\"option\":\"{0}\"}}")]
    [InlineData("{{\"option\":\"{0}\",\"requests\":[1]}}")]
    public async Task ReadAsync_a_value_over_the_limit_is_too_large(string format)
    {
        var fits = Encoding.UTF8.GetBytes(string.Format(null, format, new string('x', 1000)));
        await ReadAsync(fits, 64, maxValueBytes: 1100);
        var large = Encoding.UTF8.GetBytes(string.Format(null, format, new string('x', 1_000_000)));
        await Assert.ThrowsAsync<RequestTooLargeException>(() => ReadAsync(large, 64, maxValueBytes: 1100));
        await Assert.ThrowsAsync<RequestTooLargeException>(() => ReadAsync(large, 1 << 21, maxValueBytes: 1100));
    }

    [Fact]
    public async Task ReadAsync_depth_bomb_is_a_format_error()
    {
        foreach (var body in new[] { new string('[', 100_000), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) })
            await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(Encoding.UTF8.GetBytes(body), 4096));
    }

    [Fact]
    public async Task ReadAsync_bytes_that_are_not_UTF8_are_refused()
    {
        byte[] body = [.. "[\"a\",\"b"u8, 0xC3, 0x28, .. "\"]"u8];
        foreach (var size in Sizes)
        {
            var thrown = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(body, size));
            Assert.Equal("Input 2 holds bytes that are not UTF-8.", thrown.Message);
        }
    }

    [Fact]
    public async Task ReadAsync_throws_what_the_body_throws()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("[1,"u8.ToArray());
        await pipe.Writer.CompleteAsync(new IOException("reset"));
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            var reader = new JsonInputReader(pipe.Reader, "requests", 1000);
            while ((await reader.ReadAsync(CancellationToken.None)).Count > 0)
            {
            }
        });
    }

    private static async Task<(List<string> Inputs, JsonInputReader Reader)> ReadAsync(
        byte[] body, int size, int maxValueBytes = 1 << 20, List<string>? inputs = null)
    {
        inputs ??= [];
        var stream = new ChoppedStream(body, size);
        var reader = new JsonInputReader(
            PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 256)), "requests", maxValueBytes);
        while (true)
        {
            var found = await reader.ReadAsync(CancellationToken.None);
            if (found.Count == 0)
                return (inputs, reader);
            inputs.AddRange(found.Select(input => Encoding.UTF8.GetString(input.ToArray())));
        }
    }
}
