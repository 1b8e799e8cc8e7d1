using System.Buffers;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Json;
using Xunit;

namespace DicomFunctions.Core.Tests.Json;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData(null, "\"\"")]
    [InlineData("é日<&'", "\"é日<&'\"")]
    [InlineData("a\"b\\c\n\u0001", "\"a\\\"b\\\\c\\n\\u0001\"")]
    public void A_text_is_escaped_only_where_JSON_asks_for_it(string? text, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Text(text);
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_becomes_a_replacement_character()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Text("a\ud83d");
        Assert.Equal("a\uFFFD", JsonElement.Parse(output.WrittenSpan).GetString());
    }

    [Fact]
    public void A_property_without_a_value_is_left_out_and_others_follow_a_comma()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Property("a"u8, null);
        output.Property("b"u8, "x");
        output.Property("c"u8, long.MinValue);
        Assert.Equal(",\"b\":\"x\",\"c\":-9223372036854775808", Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
