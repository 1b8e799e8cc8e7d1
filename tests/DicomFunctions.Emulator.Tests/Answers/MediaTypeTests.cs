using DicomFunctions.Emulator.Answers;

namespace DicomFunctions.Emulator.Tests.Answers;

public sealed class MediaTypeTests
{
    [Theory]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=a-b")]
    [InlineData("multipart/related;type=application/dicom;boundary=\"a-b\"")]
    [InlineData("Multipart/Related; BOUNDARY=a-b; Type=\"application/dicom\"")]
    public void Parse_parameters_are_found_quoted_or_not(string text)
    {
        var type = MediaType.Parse(text)!;

        Assert.True(type.Is("multipart/related"));
        Assert.Equal("application/dicom", type["type"]);
        Assert.Equal("a-b", type["boundary"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("application")]
    [InlineData("/dicom")]
    [InlineData("application/")]
    [InlineData("some text/plain")]
    public void Parse_invalid_type_is_null(string? text) => Assert.Null(MediaType.Parse(text));

    [Fact]
    public void ParseList_comma_in_quotes_separates_nothing()
    {
        var ranges = MediaType.ParseList("a/b; x=\"1,2\";q=0.5, */*, nonsense").ToArray();

        Assert.Equal(2, ranges.Length);
        Assert.Equal("1,2", ranges[0]["x"]);
        Assert.Equal(0.5, ranges[0].Quality);
        Assert.True(ranges[1].IsAny);
    }
}
