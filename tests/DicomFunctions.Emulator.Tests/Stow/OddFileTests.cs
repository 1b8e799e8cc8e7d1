using System.Text;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Stow;

/// <summary>Requests and files that deviate from the standard as real ones do.</summary>
public sealed class OddFileTests : EmulatorTest
{
    private const uint ContentSequence = 0x0040A730;

    [Theory]
    [InlineData("multipart/related; type=application/dicom; boundary=BOUND", "BOUND")]
    [InlineData("multipart/related; boundary=----=_Part_0; type=application/dicom", "----=_Part_0")]
    [InlineData("multipart/related; boundary=\"a b=c;d\"; type=\"application/dicom\"", "a b=c;d")]
    [InlineData("Multipart/Related; Boundary=B; Type=Application/DICOM", "B")]
    [InlineData("multipart/related;type=\"application/dicom\";start=\"<1@x>\";boundary=B", "B")]
    [InlineData("multipart/related; boundary=B", "B")]
    public async Task Multipart_parameters_quoted_or_not_in_any_order_are_accepted(string contentType, string boundary)
    {
        byte[] body =
        [
            .. Encoding.ASCII.GetBytes($"This is a preamble.\r\n--{boundary}\r\nContent-Type: application/dicom\r\n\r\n"),
            .. SomeDicom.Instance().ToBytes(),
            .. Encoding.ASCII.GetBytes($"\r\n--{boundary} \r\nContent-ID: <2@x>\r\n"),
            .. "content-type: application/dicom;transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n"u8,
            .. SomeDicom.Instance(2).ToBytes(),
            .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\nThis is an epilogue.\r\n--{boundary}\r\n"),
        ];

        using var response = await Store.StowAsync(body, contentType);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(2, Emulator.Statistics.Stored);
    }

    [Fact]
    public async Task Sequences_nested_beyond_the_limit_fail_their_instance_alone()
    {
        using var response = await Store.StowManyAsync(
            SomeDicom.Instance(1).ToBytes(), Nested(2, DicomReader.MaxDepth + 1).ToBytes(), Nested(3, DicomReader.MaxDepth).ToBytes());

        Assert.Equal(409, (int)response.StatusCode);
        var answer = await response.JsonAsync();
        Assert.Equal(2, answer["00081199"]!["Value"]!.AsArray().Count);
        Assert.Contains("nested deeper", (string?)answer["00081198"]!["Value"]![0]!["00091097"]!["Value"]![0], StringComparison.Ordinal);
        var rows = System.Text.Json.JsonDocument.Parse(
            await Store.Http.GetStringAsync(new Uri(Store.DicomWeb + "instances?includefield=all", UriKind.Relative)),
            new() { MaxDepth = 512 });
        Assert.Equal(2, rows.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task UIDs_after_a_large_sequence_or_out_of_order_are_found()
    {
        var references = Enumerable.Range(0, 11_000)
            .Select(i => new SomeDicom().With(Tags.ReferencedSopInstanceUid, Vr.UI, $"1.2.{i}")).ToArray();
        await Store.AddAsync(SomeDicom.Instance(1).WithSequence(0x00082112, references));
        await Store.AddAsync(
            SomeDicom.Instance(2).WithSequence(0x00082112, references).In(TransferSyntax.ImplicitLittleEndian, undefinedLengths: true));
        using var outOfOrder = await Store.StowAsync(SomeDicom.Instance(3).ToBytes(reversed: true));

        Assert.Equal(200, (int)outOfOrder.StatusCode);
        Assert.Equal(3, (await Store.SearchAsync("studies/1.2.3.1/series/1.2.3.1.1/instances")).Count);
    }

    private static SomeDicom Nested(int number, int levels)
    {
        var item = new SomeDicom();
        for (var level = 1; level < levels; level++)
            item = new SomeDicom().WithSequence(ContentSequence, item);
        return SomeDicom.Instance(number)
            .WithSequence(ContentSequence, item).In(TransferSyntax.ExplicitLittleEndian, undefinedLengths: true);
    }
}
