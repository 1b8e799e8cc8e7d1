using System.Text;
using DicomFunctions.Core.Dicom;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

public sealed class DicomUidTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("2.25.329800735698586629295641978511506172918")]
    [InlineData("1.02.3")] // forbidden by the standard, common in archives
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void IsValid_digits_and_dots_is_true(string uid)
    {
        Assert.True(DicomUid.IsValid(uid));
        Assert.True(DicomUid.IsValid(Encoding.UTF8.GetBytes(uid)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".1")]
    [InlineData("1.")]
    [InlineData("1..2")]
    [InlineData("1.2 ")]
    [InlineData("1.2\0")]
    [InlineData("abc")]
    [InlineData("1/2")]
    [InlineData("1%2e2")]
    [InlineData("١.٢")] // digits, but not ASCII's
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void IsValid_anything_else_is_false(string uid)
    {
        Assert.False(DicomUid.IsValid(uid));
        Assert.False(DicomUid.IsValid(Encoding.UTF8.GetBytes(uid)));
    }
}
