using DicomFunctions.Core.DicomWeb.Wado;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Wado;

public sealed class MultipartBoundaryTests
{
    [Theory]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=abc", "abc")]
    [InlineData("multipart/related; type=application/dicom; boundary=\"a b\"", "a b")]
    [InlineData("multipart/related; boundary=\"a\\'\\b\"; type=\"application/dicom\"", "a'b")]
    [InlineData("Multipart/Related;BOUNDARY==_x", "=_x")]
    [InlineData("multipart/related; boundary=\"(.*)+?[]/:=,_-\"", "(.*)+?[]/:=,_-")]
    [InlineData("multipart/related; boundary=a,b", "a,b")]
    [InlineData("multipart/related; start=\"<a; boundary=x>\"; boundary=y", "y")]
    [InlineData("multipart/related; start=\"a\\\"; boundary=x\"; boundary=y", "y")]
    [InlineData("multipart/related; boundary=1234567890123456789012345678901234567890123456789012345678901234567890",
        "1234567890123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("multipart/related; boundary=12345678901234567890123456789012345678901234567890123456789012345678901", null)]
    [InlineData("multipart/related; boundary=\"\"", null)]
    [InlineData("multipart/related; boundary=", null)]
    [InlineData("multipart/related; type=application/dicom", null)]
    [InlineData("boundary=abc", null)]
    [InlineData("", null)]
    public void Find_takes_the_parameter_however_the_others_are_written(string type, string? expected) =>
        Assert.Equal(expected, MultipartBoundary.Find(type));
}
