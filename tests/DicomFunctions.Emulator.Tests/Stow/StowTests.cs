using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Stow;

public sealed class StowTests : EmulatorTest
{
    private static readonly XNamespace Native = "http://dicom.nema.org/PS3.19/models/NativeDICOM";

    [Fact]
    public async Task STOW_one_instance_is_referenced_and_found()
    {
        using var response = await Store.StowAsync(SomeDicom.Instance());

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/dicom+json", response.Content.Headers.ContentType!.MediaType);
        var answer = await response.JsonAsync();
        var stored = answer["00081199"]!["Value"]![0];
        Assert.Equal("1.2.840.10008.5.1.4.1.1.2", stored.First(Tags.ReferencedSopClassUid));
        Assert.Equal("1.2.3.1.1.1", stored.First(Tags.ReferencedSopInstanceUid));
        Assert.Equal(
            $"{Emulator.BaseAddress}{Store.DicomWeb}studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.1",
            stored.First(Tags.RetrieveUrl));
        Assert.Equal($"{Emulator.BaseAddress}{Store.DicomWeb}studies/1.2.3.1", answer.First(Tags.RetrieveUrl));
        Assert.Null(answer["00081198"]);
        Assert.Single(await Store.SearchAsync("instances?SOPInstanceUID=1.2.3.1.1.1"));
        Assert.Equal(1, Emulator.Statistics.Stored);
    }

    [Fact]
    public async Task STOW_same_bytes_again_is_success()
    {
        await Store.AddAsync(SomeDicom.Instance());

        using var response = await Store.StowAsync(SomeDicom.Instance());

        Assert.Equal(200, (int)response.StatusCode);
        Assert.NotNull((await response.JsonAsync())["00081199"]);
        Assert.Single(await Store.SearchAsync("instances"));
        Assert.Equal(1, Emulator.Statistics.AlreadyStored);
    }

    [Fact]
    public async Task STOW_other_bytes_under_the_same_UIDs_is_conflict()
    {
        await Store.AddAsync(SomeDicom.Instance());

        using var response = await Store.StowAsync(SomeDicom.Instance().With(Tags.PatientId, Vr.LO, "other"));

        Assert.Equal(409, (int)response.StatusCode);
        var failed = (await response.JsonAsync())["00081198"]!["Value"]![0];
        Assert.Equal("1.2.3.1.1.1", failed.First(Tags.ReferencedSopInstanceUid));
        Assert.Equal("272", failed.First(Tags.FailureReason));
        Assert.Contains("already exists", failed.First(Tags.FailureDetail), StringComparison.Ordinal);
        Assert.Equal("P1", (await Store.SearchAsync("studies"))[0].First(Tags.PatientId));
    }

    [Fact]
    public async Task STOW_same_SOP_UID_in_another_series_is_another_instance()
    {
        await Store.AddAsync(
            SomeDicom.Instance(1, series: 1).With(Tags.SopInstanceUid, Vr.UI, "1.2.9"),
            SomeDicom.Instance(1, series: 2).With(Tags.SopInstanceUid, Vr.UI, "1.2.9"));

        Assert.Equal(2, (await Store.SearchAsync("instances?SOPInstanceUID=1.2.9")).Count);
        Assert.Single(await Store.SearchAsync("instances?SOPInstanceUID=1.2.9&SeriesInstanceUID=1.2.3.1.2"));
    }

    [Fact]
    public async Task STOW_good_and_bad_parts_stores_the_good_ones_and_says_why()
    {
        using var response = await Store.StowManyAsync(
            SomeDicom.Instance(1).ToBytes(),
            "not DICOM"u8.ToArray(),
            SomeDicom.Instance(2).ToBytes(),
            SomeDicom.Instance(3).ToBytes()[..^8]);

        Assert.Equal(409, (int)response.StatusCode);
        var answer = await response.JsonAsync();
        Assert.Equal(["1.2.3.1.1.1", "1.2.3.1.1.2"], ((JsonArray)answer["00081199"]!["Value"]!).All(Tags.ReferencedSopInstanceUid));
        Assert.Equal(["49152", "49152"], ((JsonArray)answer["00081198"]!["Value"]!).All(Tags.FailureReason));
        Assert.Equal(2, (await Store.SearchAsync("instances")).Count);
    }

    [Fact]
    public async Task STOW_to_a_study_refuses_instances_of_other_studies()
    {
        using var right = await Store.StowAsync(SomeDicom.Instance(study: 1).ToBytes(), path: "studies/1.2.3.1");
        using var wrong = await Store.StowAsync(SomeDicom.Instance(study: 2).ToBytes(), path: "studies/1.2.3.1");

        Assert.Equal(200, (int)right.StatusCode);
        Assert.Equal(409, (int)wrong.StatusCode);
        Assert.Equal("43264", (await wrong.JsonAsync())["00081198"]!["Value"]![0].First(Tags.FailureReason));
        Assert.Single(await Store.SearchAsync("studies"));
    }

    [Theory]
    [InlineData(Tags.StudyInstanceUid)]
    [InlineData(Tags.SeriesInstanceUid)]
    [InlineData(Tags.SopInstanceUid)]
    [InlineData(Tags.SopClassUid)]
    public async Task STOW_without_an_identifier_is_refused(uint tag)
    {
        using var missing = await Store.StowAsync(SomeDicom.Instance().Without(tag));
        using var hostile = await Store.StowAsync(SomeDicom.Instance().With(tag, Vr.UI, "../../etc/passwd"));

        Assert.Equal(409, (int)missing.StatusCode);
        Assert.Equal(409, (int)hostile.StatusCode);
        Assert.Empty(await Store.SearchAsync("instances"));
    }

    [Fact]
    public async Task STOW_unknown_transfer_syntax_is_refused_as_such()
    {
        using var response = await Store.StowAsync(SomeDicom.Instance().In("1.2.840.113619.5.2"));

        Assert.Equal(409, (int)response.StatusCode);
        Assert.Equal("49442", (await response.JsonAsync())["00081198"]!["Value"]![0].First(Tags.FailureReason));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/dicom+xml")]
    public async Task STOW_without_asking_for_JSON_answers_XML(string? accept)
    {
        await Store.AddAsync(SomeDicom.Instance(1).With(Tags.PatientId, Vr.LO, "other"));

        using var response = await Store.StowAsync(
            StoreClient.Multipart(SomeDicom.Instance(1).ToBytes(), SomeDicom.Instance(2).ToBytes()),
            $"multipart/related; type=\"application/dicom\"; boundary={StoreClient.Boundary}", accept: accept);

        Assert.Equal(409, (int)response.StatusCode);
        Assert.Equal("application/dicom+xml", response.Content.Headers.ContentType!.MediaType);
        var xml = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        Assert.Equal(Native + "NativeDicomModel", xml.Name);
        Assert.Equal("1.2.3.1.1.2", Value(Sequence(xml, "00081199"), "00081155"));
        Assert.Equal("272", Value(Sequence(xml, "00081198"), "00081197"));
        Assert.Contains("already exists", Value(Sequence(xml, "00081198"), "00091097"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task STOW_malformed_body_is_a_bad_request()
    {
        const string Multipart = "multipart/related; type=\"application/dicom\"; boundary=x";
        using var empty = await Store.StowAsync([]);
        using var noBoundary = await Store.StowAsync(SomeDicom.Instance().ToBytes(), "multipart/related; type=\"application/dicom\"");
        using var noPart = await Store.StowAsync("--x--\r\n"u8.ToArray(), Multipart);
        using var cut = await Store.StowAsync("--x\r\n\r\nabc"u8.ToArray(), Multipart);

        await empty.AssertErrorAsync(400, "INVALID_ARGUMENT");
        await noBoundary.AssertErrorAsync(400, "INVALID_ARGUMENT");
        await noPart.AssertErrorAsync(400, "INVALID_ARGUMENT");
        await cut.AssertErrorAsync(400, "INVALID_ARGUMENT");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("multipart/related; type=\"application/dicom+json\"; boundary=x")]
    public async Task STOW_other_content_types_are_unsupported(string contentType)
    {
        using var response = await Store.StowAsync(SomeDicom.Instance().ToBytes(), contentType);

        await response.AssertErrorAsync(415, "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task STOW_part_of_another_type_fails_alone()
    {
        byte[] body =
        [
            .. "--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\nContent-Type: application/dicom; transfer-syntax=*\r\n\r\n"u8,
            .. SomeDicom.Instance().ToBytes(), .. "\r\n--x--"u8,
        ];
        using var response = await Store.StowAsync(body, "multipart/related; type=application/dicom; boundary=\"x\"");

        Assert.Equal(409, (int)response.StatusCode);
        Assert.NotNull((await response.JsonAsync())["00081199"]);
    }

    [Fact]
    public async Task STOW_unsupported_accept_is_not_acceptable()
    {
        using var response = await Store.StowAsync(SomeDicom.Instance().ToBytes(), accept: "image/png");

        await response.AssertErrorAsync(406, "INVALID_ARGUMENT");
        Assert.Empty(await Store.SearchAsync("instances"));
    }

    [Fact]
    public async Task STOW_concurrently_stores_each_once()
    {
        var file = SomeDicom.Instance().ToBytes();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.StowAsync(file)));

        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
        Assert.Equal(1, Emulator.Statistics.Stored);
        Assert.Equal(19, Emulator.Statistics.AlreadyStored);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task STOW_large_instance_goes_through_a_file()
    {
        var large = SomeDicom.Instance(1).With(Tags.PixelData, Vr.OW, new byte[5_000_001 / 2 * 2]).ToBytes();
        using var first = await Store.StowAsync(large);
        using var again = await Store.StowManyAsync(large);
        large[^1] ^= 1;
        using var other = await Store.StowAsync(large);

        Assert.Equal(200, (int)first.StatusCode);
        Assert.Equal(200, (int)again.StatusCode);
        Assert.Equal(409, (int)other.StatusCode);
        using var fetched = await Store.GetAsync(
            "studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.1", "application/dicom; transfer-syntax=*");
        large[^1] ^= 1;
        Assert.Equal(large, await fetched.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task STOW_chunked_body_is_stored()
    {
        using var content = new StreamContent(new MemoryStream(SomeDicom.Instance().ToBytes()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Store.DicomWeb + "studies", UriKind.Relative));
        request.Content = content;
        request.Headers.TransferEncodingChunked = true;

        using var response = await Store.Http.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static XElement Sequence(XElement root, string tag) =>
        root.Elements(Native + "DicomAttribute").Single(element => (string?)element.Attribute("tag") == tag).Element(Native + "Item")!;

    private static string Value(XElement item, string tag) =>
        item.Elements(Native + "DicomAttribute")
            .Single(element => (string?)element.Attribute("tag") == tag).Element(Native + "Value")!.Value;
}
