using DicomFunctions.Emulator.Answers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Tests.Answers;

public sealed class AcceptsTests
{
    [Fact]
    public void Of_several_ranges_are_ordered_by_quality_without_refused_ones()
    {
        var ranges = Accepts.Of(Request(
            "text/html;q=0.1, application/dicom, image/png;q=0", "multipart/related; type=\"application/dicom\";q=0.5"));

        Assert.Equal([1, 0.5, 0.1], ranges.Select(range => range.Quality));
        Assert.True(ranges[0].Is("application/dicom"));
        Assert.Equal("application/dicom", ranges[1]["type"]);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("*/*", true)]
    [InlineData("application/json", true)]
    [InlineData("text/html, application/*;q=0.1", true)]
    [InlineData("application/dicom+json; charset=utf-8", true)]
    [InlineData("application/dicom+json;q=0", false)]
    [InlineData("application/dicom+xml", false)]
    public void DicomJson_is_accepted(string? accept, bool expected) =>
        Assert.Equal(expected, Accepts.DicomJson(accept is null ? Request() : Request(accept)));

    private static HttpRequest Request(params string[] accept)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Accept = accept;
        return request;
    }
}
