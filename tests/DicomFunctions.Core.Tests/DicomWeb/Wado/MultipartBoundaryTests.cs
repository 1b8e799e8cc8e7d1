using DicomFunctions.Core.DicomWeb.Wado;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Wado;

public sealed class MultipartBoundaryTests
{
    [Theory]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=abc", true, "abc")]
    [InlineData("multipart/related; type=application/dicom; boundary=\"a b\"", true, "a b")]
    [InlineData("Multipart/Related;BOUNDARY==_x", true, "=_x")]
    [InlineData("multipart/related; boundary=\"\"", true, null)]
    [InlineData("multipart/related; type=application/dicom", true, null)]
    [InlineData("application/dicom; boundary=abc", false, null)]
    [InlineData(null, false, null)]
    public void TryFind_takes_the_parameter_however_the_others_are_written(string? type, bool isMultipart, string? expected)
    {
        using var content = new ByteArrayContent([]);
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        Assert.Equal(isMultipart, MultipartBoundary.TryFind(content.Headers, out var boundary));
        Assert.Equal(expected, boundary);
    }
}
