using DicomFunctions.Core.Json;
using Xunit;

namespace DicomFunctions.Core.Tests.Json;

public sealed class ByteOrderMarkTests
{
    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 1 }, new byte[] { 1 })]
    [InlineData(new byte[] { 0xEF, 0xBB }, new byte[] { 0xEF, 0xBB })]
    [InlineData(new byte[] { 1, 0xEF, 0xBB, 0xBF }, new byte[] { 1, 0xEF, 0xBB, 0xBF })]
    public void Skip_removes_one_whole_mark_at_the_start(byte[] text, byte[] expected) =>
        Assert.Equal(expected, ByteOrderMark.Skip(text).ToArray());

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0, 0 }, "UTF-32")]
    [InlineData(new byte[] { 0, 0, 0xFE, 0xFF }, "UTF-32")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x7B, 0 }, "UTF-16")]
    [InlineData(new byte[] { 0xFE, 0xFF }, "UTF-16")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF }, null)]
    [InlineData(new byte[] { 0x7B }, null)]
    public void OtherEncoding_is_named_by_its_mark(byte[] text, string? expected) =>
        Assert.Equal(expected, ByteOrderMark.OtherEncoding(text));
}
