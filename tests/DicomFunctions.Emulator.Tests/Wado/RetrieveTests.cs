using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Wado;

public sealed class RetrieveTests : EmulatorTest
{
    private const string Instance1 = "studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.1";
    private const string Implicit = "studies/1.2.3.3/series/1.2.3.3.1/instances/1.2.3.3.1.1";
    private const string Jpeg = "studies/1.2.3.4/series/1.2.3.4.1/instances/1.2.3.4.1.1";
    private const string JpegBaseline = "1.2.840.10008.1.2.4.50";
    private const string AsStored = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Store.AddAsync(
            SomeDicom.Instance(),
            SomeDicom.Instance(2),
            SomeDicom.Instance(1, series: 2),
            SomeDicom.Instance(study: 2),
            SomeDicom.Instance(study: 3).In(TransferSyntax.ImplicitLittleEndian),
            SomeDicom.Instance(study: 4).WithFragments([1, 2, 3, 4]).In(JpegBaseline));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/dicom")]
    [InlineData("application/dicom; transfer-syntax=*")]
    [InlineData("application/dicom; transfer-syntax=1.2.840.10008.1.2.1")]
    [InlineData("application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50, application/dicom; transfer-syntax=*; q=0.5")]
    public async Task One_instance_is_sent_alone_as_stored(string? accept)
    {
        using var response = await Store.GetAsync(Instance1, accept);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/dicom; transfer-syntax=1.2.840.10008.1.2.1", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(SomeDicom.Instance().ToBytes(), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(Instance1, "1.1")]
    [InlineData("studies/1.2.3.1/series/1.2.3.1.1", "1.1 1.2")]
    [InlineData("studies/1.2.3.1", "1.1 1.2 2.1")]
    public async Task Multipart_has_a_part_for_each_instance_as_stored(string path, string expected)
    {
        using var response = await Store.GetAsync(path, AsStored);

        var body = await MultipartBody.ReadAsync(response);
        Assert.True(body.IsWhole);
        Assert.All(body.Parts, part => Assert.Equal("application/dicom; transfer-syntax=1.2.840.10008.1.2.1", part.ContentType));
        Assert.Equal(
            expected.Split(' ').Select(name => SomeDicom.Instance(name[2] - '0', name[0] - '0').ToBytes()),
            body.Parts.Select(part => part.Bytes));
    }

    [Theory]
    [InlineData("multipart/related; type=application/dicom; transfer-syntax=*")]
    [InlineData("multipart/related; type=\"application/dicom\"")]
    [InlineData("multipart/related")]
    [InlineData("*/*")]
    [InlineData(null)]
    public async Task Multipart_answers_every_accept_that_allows_it(string? accept)
    {
        using var response = await Store.GetAsync("studies/1.2.3.1", accept);

        Assert.Equal(3, (await MultipartBody.ReadAsync(response)).Parts.Count);
    }

    [Fact]
    public async Task Multipart_has_another_boundary_each_time()
    {
        using var one = await Store.GetAsync("studies/1.2.3.1");
        using var other = await Store.GetAsync("studies/1.2.3.1");

        Assert.NotEqual(one.Content.Headers.ContentType!.ToString(), other.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("application/dicom; transfer-syntax=*", TransferSyntax.ImplicitLittleEndian)]
    [InlineData("application/dicom; transfer-syntax=1.2.840.10008.1.2", TransferSyntax.ImplicitLittleEndian)]
    [InlineData("application/dicom", TransferSyntax.ExplicitLittleEndian)]
    [InlineData("application/dicom; transfer-syntax=1.2.840.10008.1.2.1", TransferSyntax.ExplicitLittleEndian)]
    [InlineData(null, TransferSyntax.ExplicitLittleEndian)]
    public async Task Implicit_VR_is_transcoded_unless_asked_for_as_stored(string? accept, string syntax)
    {
        using var response = await Store.GetAsync(Implicit, accept);

        Assert.Equal($"application/dicom; transfer-syntax={syntax}", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(SomeDicom.Instance(study: 3).In(syntax).ToBytes(), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Implicit_VR_in_multipart_is_transcoded_too()
    {
        using var response = await Store.GetAsync("studies/1.2.3.3", "multipart/related; type=\"application/dicom\"");

        var part = Assert.Single((await MultipartBody.ReadAsync(response)).Parts);
        Assert.Equal("application/dicom; transfer-syntax=1.2.840.10008.1.2.1", part.ContentType);
        Assert.Equal(SomeDicom.Instance(study: 3).ToBytes(), part.Bytes);
    }

    [Theory]
    [InlineData(Jpeg, "application/dicom; transfer-syntax=*", 200)]
    [InlineData(Jpeg, "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50", 200)]
    [InlineData(Jpeg, "application/dicom", 406)]
    [InlineData(Jpeg, "multipart/related; type=\"application/dicom\"", 406)]
    [InlineData(Jpeg, null, 406)]
    [InlineData(Instance1, "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50", 406)]
    [InlineData(Instance1, "application/dicom; transfer-syntax=1.2.840.10008.1.2", 406)]
    [InlineData(Instance1, "image/jpeg", 406)]
    [InlineData("studies/1.2.3.1", "application/dicom; transfer-syntax=*", 406)]
    [InlineData("studies/1.2.3.1", "multipart/related; type=\"application/octet-stream\"", 406)]
    public async Task A_form_that_is_not_available_is_not_acceptable(string path, string? accept, int status)
    {
        using var response = await Store.GetAsync(path, accept);

        if (status == 200)
            Assert.Equal(200, (int)response.StatusCode);
        else
            await response.AssertErrorAsync(406, "INVALID_ARGUMENT");
    }

    [Theory]
    [InlineData("studies/9.9")]
    [InlineData("studies/1.2.3.1/series/9.9")]
    [InlineData("studies/1.2.3.1/series/1.2.3.1.1/instances/9.9")]
    [InlineData("studies/1.2.3.2/series/1.2.3.1.1")]
    public async Task A_missing_entity_is_not_found(string path)
    {
        using var retrieved = await Store.GetAsync(path, AsStored);
        using var metadata = await Store.GetAsync(path + "/metadata");

        await retrieved.AssertErrorAsync(404, "NOT_FOUND");
        await metadata.AssertErrorAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Metadata_has_everything_but_bulk_data_at_every_level()
    {
        var study = await Store.SearchAsync("studies/1.2.3.1/metadata");
        var series = await Store.SearchAsync("studies/1.2.3.1/series/1.2.3.1.1/metadata");
        var one = Assert.Single(await Store.SearchAsync(Instance1 + "/metadata"));

        Assert.Equal(["1.2.3.1.1.1", "1.2.3.1.1.2", "1.2.3.1.2.1"], study.All(Tags.SopInstanceUid));
        Assert.Equal(["1.2.3.1.1.1", "1.2.3.1.1.2"], series.All(Tags.SopInstanceUid));
        Assert.Equal("P1", one.First(Tags.PatientId));
        Assert.Equal("4", one.First(Tags.Rows));
        Assert.DoesNotContain("7FE00010", one!.Keys());
    }

    [Fact]
    public async Task Metadata_of_many_instances_is_sent_in_chunks()
    {
        var text = new string('x', 5_000);
        await Store.AddAsync(
            [.. Enumerable.Range(1, 50).Select(number => SomeDicom.Instance(number, study: 5).With(0x00204000, Vr.LT, text))]);

        using var response = await Store.GetAsync("studies/1.2.3.5/metadata");

        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal(50, (await Store.SearchAsync("studies/1.2.3.5/metadata")).Count);
    }

    [Theory]
    [InlineData("application/dicom+xml")]
    [InlineData("multipart/related; type=\"application/dicom+xml\"")]
    public async Task Metadata_other_than_JSON_is_not_acceptable(string accept)
    {
        using var response = await Store.GetAsync("studies/1.2.3.1/metadata", accept);

        await response.AssertErrorAsync(406, "INVALID_ARGUMENT");
    }
}
