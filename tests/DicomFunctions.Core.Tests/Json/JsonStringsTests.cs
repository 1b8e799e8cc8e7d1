using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Json;
using Xunit;

namespace DicomFunctions.Core.Tests.Json;

public sealed class JsonStringsTests
{
    [Theory]
    [InlineData("\"a\\u00e9\"", "aé")]
    [InlineData("\"\\ud83d\\ude00\"", "😀")]
    [InlineData("\"\\ud83d\"", null)]
    public void GetTextOrNull_is_null_for_half_of_a_surrogate_pair(string json, string? expected)
    {
        var reader = Reader(Encoding.UTF8.GetBytes(json));
        Assert.Equal(expected, reader.GetTextOrNull());
        Assert.Equal(expected is not null, reader.TextEquals(expected ?? "\ud83d"));
    }

    [Fact]
    public void GetTextOrNull_is_null_for_bytes_that_are_not_UTF8() => Assert.Null(Reader([.. "\"a"u8, 0xFF, .. "\""u8]).GetTextOrNull());

    private static Utf8JsonReader Reader(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader;
    }
}
