using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

public sealed class DicomJsonRowScannerTests
{
    public static TheoryData<string> Malformed => new()
    {
        "<html><body>Sign in</body></html>", "{\"00080018\":{\"vr\":\"UI\"}}", "\"text\"", "5", "[5]", "[\"a\"]", "[null]", "[[{}]]",
        "[{}{}]", "[{},]", "[,{}]", "[{}]]", "[{}] x", "[{}][{}]", "[{\"a\":[}]]", "[{\"a\":{]}]", "[{\"a\":[1}]", "[}]",
        "[{\"a\":\"x\ny\"}]", "[{\"a\":\"x\u0000y\"}]", "[{\"a\":NaN}]", "[{\"a\":tru}]", "[{\"a\":undefined}]", "[{\"a\":1e}]", "[{a:1}]",
        "[{\"a\":true \"b\":1}]", "[{\"a\":1,,\"b\":2}]", "[{\"a\":1,}]", "[{,\"a\":1}]", "[{\"a\"}]", "[{\"a\",\"b\":1}]", "[{\"a\":}]",
        "[{:1}]", "[{\"a\"::1}]", "[{\"a\":\"b\":1}]", "[{\"a\" 1}]", "[{\"a\" {}}]", "[{\"a\":{}{}}]", "[{\"a\":1 2}]", "[{\"a\":1\"b\"}]",
        "[{\"a\":\"b\"1}]", "[{\"a\":\"b\" \"c\"}]", "[{\"a\":1\n\"b\":2}]", "[{1:2}]", "[{1}]", "[{\"a\":[1,]}]", "[{\"a\":[,1]}]",
        "[{\"a\":[1 , , 2]}]", "[{\"a\":[\"b\":1]}]", "[{\"a\":[1}]}]", "[{\"a\":01}]", "[{\"a\":1.}]", "[{\"a\":1.2.3}]", "[{\"a\":-}]",
        "[{\"a\":+1}]", "[{\"a\":0x1}]", "[{\"a\":\"\\q\"}]", "[{\"a\":\"\\u12g4\"}]", "[{\"a\u0001\":1}]", "[{\"a\":\u00011}]",
        "[{\"a\"\u000b:1}]", "[{\"a\":\\1}]", "[{\"a\":1;\"b\":2}]", "[{'a':1}]",
    };

    public static TheoryData<string> BrokenOff => new()
    {
        "", "   ", "[", "[{", "[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}}", "[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2",
        "[{},", "[{},{\"a\":\"\\", "[{},{\"a\":\"]", "[{},{\"a\":\"}]", "[{},{\"a\":\"\\\"}]",
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void TryRead_malformed_throws_however_it_is_cut(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var size in RowReading.Sizes)
            Assert.ThrowsAny<JsonException>(() => RowReading.Read(bytes, size));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void TryRead_malformed_at_every_place_of_a_block_throws(string text)
    {
        if (!text.StartsWith("[{\"a\"", StringComparison.Ordinal))
            return;
        for (var padding = 0; padding < 66; padding++)
        {
            var padded = $"[{{\"{new string('p', padding)}\":0,\"a\"{text[5..]}";
            foreach (var size in RowReading.Sizes)
                Assert.ThrowsAny<JsonException>(() => RowReading.Read(Encoding.UTF8.GetBytes(padded), size));
        }
    }

    [Fact]
    public void TryRead_not_UTF8_throws()
    {
        byte[] text = [.. "[{\"a\":\""u8, 0xE9, .. "\"}]"u8];
        foreach (var size in RowReading.Sizes)
            Assert.ThrowsAny<JsonException>(() => RowReading.Read(text, size));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void TryRead_random_arrays_damaged_agrees_with_JsonReader(int seed)
    {
        byte[] damage = [.. " \n\t\"\\{}[]:,01.-etrufalsn\u0001"u8, 0xFF];
        var random = new Random(seed);
        var damaged = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var text = Encoding.UTF8.GetBytes(RandomDicomJson.Array(random));
            for (var change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = damage[random.Next(damage.Length)];
            var isJson = IsArrayOfObjects(text);
            damaged += isJson ? 0 : 1;
            foreach (var size in RowReading.Sizes)
            {
                if (isJson)
                    Assert.True(RowReading.Read(text, size).IsComplete);
                else
                    Assert.False(IsAccepted(text, size), Encoding.UTF8.GetString(text));
            }
        }

        Assert.InRange(damaged, 1_000, 2_999);
    }

    [Theory]
    [MemberData(nameof(BrokenOff))]
    public void TryRead_broken_off_is_never_complete(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var size in RowReading.Sizes)
            Assert.False(RowReading.Read(bytes, size).IsComplete);
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData(" [ ] ", 0)]
    [InlineData("\r\n[\t]\n", 0)]
    [InlineData("[{}]", 1)]
    [InlineData(" [ { } , { } ] \n", 2)]
    public void TryRead_small_arrays_are_complete(string text, int rows)
    {
        foreach (var size in RowReading.Sizes)
        {
            var read = RowReading.Read(Encoding.UTF8.GetBytes(text), size);
            Assert.True(read.IsComplete);
            Assert.Equal(rows, read.Rows.Count);
        }
    }

    [Theory]
    [InlineData("{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}}", "1.2.3")]
    [InlineData("{\"00080018\":{\"Value\":[\"1.2.3\",\"9\"],\"vr\":\"UI\"}}", "1.2.3")]
    [InlineData("{ \"00080018\" : { \"vr\" : \"UI\" , \"Value\" : [ \"1.2.3\" ] } }", "1.2.3")]
    [InlineData("{\r\n  \"00080018\"\r\n :\t{ \"Value\"\n:\n[\n\"1.2.3\"]}\n}", "1.2.3")]
    [InlineData("{\"00100010\":{\"vr\":\"PN\"},\"00080018\":{\"Value\":[\"1.2.3\"]}}", "1.2.3")]
    [InlineData(
        "{\"00081115\":{\"vr\":\"SQ\",\"Value\":[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"9.9\"]}}]},"
        + "\"00080018\":{\"Value\":[\"1.2.3\"]}}",
        "1.2.3")]
    [InlineData(
        "{\"00080018\":{\"Value\":[\"1.2.3\"]},\"00081115\":{\"vr\":\"SQ\",\"Value\":[{\"00080018\":{\"Value\":[\"9.9\"]}}]}}", "1.2.3")]
    [InlineData("{\"00081115\":{\"vr\":\"SQ\",\"Value\":[{\"00080018\":{\"Value\":[\"9.9\"]}}]}}", null)]
    [InlineData("{\"00080018\":{\"vr\":\"UI\"}}", null)]
    [InlineData("{\"00080018\":{\"Value\":[],\"vr\":\"UI\"}}", null)]
    [InlineData("{\"00080018\":{\"Value\":[null],\"vr\":\"UI\"}}", null)]
    [InlineData("{\"00080018\":{\"Value\":[1],\"vr\":\"UI\"}}", null)]
    [InlineData("{\"00080018\":{\"Value\":\"1.2\",\"vr\":\"UI\"}}", null)]
    [InlineData("{\"00080018\":\"1.2\",\"x\":{\"Value\":[\"3\"]}}", null)]
    [InlineData("{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"00080018\"]},\"00100021\":{\"Value\":[\"7\"]}}", null)]
    [InlineData("{}", null)]
    public void Find_any_shape_is_the_first_value_of_the_own_level(string row, string? uid)
    {
        Assert.Equal(uid, DicomJsonUids.Read(Encoding.UTF8.GetBytes(row)).SopInstance);
        foreach (var size in RowReading.Sizes)
            Assert.Equal(uid ?? "", Assert.Single(RowReading.Read(Encoding.UTF8.GetBytes($"[{row}]"), size).Uids));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(511)]
    [InlineData(512)]
    public void TryRead_up_to_the_greatest_depth_checks_every_bracket(int depth)
    {
        var random = new Random(depth);
        var kinds = Enumerable.Range(0, depth - 1).Select(_ => random.Next(2) == 0).ToArray();
        var text = "[{\"a\":" + string.Concat(kinds.Select(isObject => isObject ? "{\"b\":" : "[")) + "1"
            + string.Concat(kinds.Reverse().Select(isObject => isObject ? "}" : "]")) + "}]";
        foreach (var size in RowReading.Sizes)
        {
            var read = RowReading.Read(Encoding.UTF8.GetBytes(text), size);
            Assert.True(read.IsComplete);
            Assert.Equal(text[1..^1], Assert.Single(read.Rows));
            Assert.False(Assert.Single(read.TooDeep));
        }

        // Any one bracket of the wrong kind, however far out.
        for (var level = 1; level < depth; level++)
        {
            var at = text.Length - 2 - level;
            var wrong = text[..at] + (text[at] == '}' ? ']' : '}') + text[(at + 1)..];
            Assert.ThrowsAny<JsonException>(() => RowReading.Read(Encoding.UTF8.GetBytes(wrong), 4096));
        }
    }

    [Theory]
    [InlineData(513)]
    [InlineData(600)]
    [InlineData(100_000)]
    public void TryRead_beyond_the_greatest_depth_marks_the_row_and_reads_on(int depth)
    {
        const string Uids = "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}";
        var deep = $"{{{Uids},\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        var text = Encoding.UTF8.GetBytes($"[{{\"a\":1}},{deep},{{\"a\":2.0}}]");
        foreach (var size in RowReading.Sizes.Where(size => size > 6 || depth < 1000))
        {
            var read = RowReading.Read(text, size);
            Assert.True(read.IsComplete);
            Assert.Equal([false, true, false], read.TooDeep);
            Assert.Equal(["", "1.2.3", ""], read.Uids);
            Assert.Equal(["{\"a\":1}", deep, "{\"a\":2.0}"], read.Rows);
        }
    }

    [Fact]
    public void TryRead_a_byte_order_mark_is_passed_over()
    {
        byte[] mark = [0xEF, 0xBB, 0xBF];
        foreach (var size in RowReading.Sizes)
        {
            Assert.Equal(["{\"a\":1}"], RowReading.Read([.. mark, .. " [{\"a\":1}]"u8], size).Rows);
            Assert.False(RowReading.Read([.. mark[..2]], size).IsComplete);
            Assert.ThrowsAny<JsonException>(() => RowReading.Read([.. mark[..2], .. "[]"u8], size));
            Assert.ThrowsAny<JsonException>(() => RowReading.Read([.. "["u8, .. mark, .. "]"u8], size));
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" \r\n\t", true)]
    [InlineData("\uFEFF", true)]
    [InlineData("\uFEFF \n", true)]
    [InlineData("[", false)]
    [InlineData("[]", false)]
    public void IsBlank_is_about_anything_but_white_space(string text, bool expected)
    {
        var scanner = new DicomJsonRowScanner(DicomJsonLevel.Study);
        Assert.False(scanner.TryRead(Encoding.UTF8.GetBytes(text), out _, out _));
        Assert.Equal(expected, scanner.IsBlank);
    }

    [Fact]
    public void TryRead_JSON_that_is_wrong_within_a_value_says_so_without_quoting_it()
    {
        var exception = Assert.ThrowsAny<JsonException>(() => RowReading.Read("[{\"00100010\":DOE^JOHN}]"u8.ToArray(), 4096));
        Assert.DoesNotContain("DOE", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"a\" :1}]", false)]
    [InlineData("[ {\"a\":1}\n,{\"a\":1}\n]", false)]
    [InlineData("[{\n\"a\":1}]", true)]
    [InlineData("[{\"a\":1\t}]", true)]
    [InlineData("[{\"a\":\"\\n\"}]", false)]
    public void HasControls_is_about_bytes_within_the_row(string text, bool expected)
    {
        foreach (var size in RowReading.Sizes)
            Assert.All(RowReading.Read(Encoding.UTF8.GetBytes(text), size).Controls, has => Assert.Equal(expected, has));
    }

    [Fact]
    public void TryRead_backslashes_and_quotes_at_every_place_of_a_block_reads_the_row()
    {
        for (var padding = 0; padding < 130; padding++)
        {
            for (var backslashes = 0; backslashes < 6; backslashes++)
            {
                var value = new string('x', padding) + new string('\\', 2 * backslashes) + "\\\"}]{[";
                var row = $$$"""{"00080018":{"vr":"UI","Value":["1.{{{padding}}}"]},"00104000":{"vr":"LT","Value":["{{{value}}}"]}}""";
                var read = RowReading.Read(Encoding.UTF8.GetBytes($"[{row},{row}]"), 65);
                Assert.True(read.IsComplete);
                Assert.Equal([row, row], read.Rows);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TryRead_random_arrays_agrees_with_JsonDocument_however_it_is_cut(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 60; i++)
        {
            var text = Encoding.UTF8.GetBytes(RandomDicomJson.Array(random));
            using var document = JsonDocument.Parse(text);
            var expected = document.RootElement.EnumerateArray().Select(row => row.GetRawText()).ToList();
            var uids = document.RootElement.EnumerateArray().Select(RandomDicomJson.UidOf).ToList();
            foreach (var size in RowReading.Sizes.Append(random.Next(2, 300)))
            {
                var read = RowReading.Read(text, size);
                Assert.True(read.IsComplete);
                Assert.Equal(expected, read.Rows);
                Assert.Equal(uids, read.Uids);
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void TryRead_random_arrays_cut_off_are_never_complete(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            var text = Encoding.UTF8.GetBytes(RandomDicomJson.Array(random).TrimEnd());
            var read = RowReading.Read(text.AsSpan(0, random.Next(text.Length)).ToArray(), random.Next(1, 200));
            Assert.False(read.IsComplete);
        }
    }

    [Fact]
    public void TryRead_an_element_of_many_blocks_is_found()
    {
        var row = "{\"00080018\":{\"Value\":[\"1.2\"]},\"7FE00010\":{\"vr\":\"OB\",\"InlineBinary\":\"" + new string('A', 300_001) + "\"}}";
        var read = RowReading.Read(Encoding.UTF8.GetBytes($"[{row}]"), 4096);
        Assert.Equal(row, Assert.Single(read.Rows));
        Assert.Equal("1.2", Assert.Single(read.Uids));
    }

    private static bool IsAccepted(byte[] text, int size)
    {
        try
        {
            return RowReading.Read(text, size).IsComplete;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsArrayOfObjects(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return System.Text.Unicode.Utf8.IsValid(text) && document.RootElement.ValueKind == JsonValueKind.Array
                && document.RootElement.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Object);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
