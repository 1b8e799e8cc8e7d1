using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Wado;

public sealed class RetrieveAndDeleteTests : EmulatorTest
{
    private const string Instance1 = "studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.1";
    private static readonly byte[] Bytes = SomeDicom.Instance().ToBytes();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Store.AddAsync(SomeDicom.Instance(), SomeDicom.Instance(2), SomeDicom.Instance(1, series: 2), SomeDicom.Instance(study: 2));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/dicom")]
    [InlineData("application/dicom; transfer-syntax=*")]
    [InlineData("application/dicom; transfer-syntax=1.2.840.10008.1.2.1")]
    public async Task Retrieve_OneInstance_ReturnsTheStoredBytes(string? accept)
    {
        using var response = await Store.GetAsync(Instance1, accept);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/dicom", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Bytes, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(Instance1, 1)]
    [InlineData("studies/1.2.3.1/series/1.2.3.1.1", 2)]
    [InlineData("studies/1.2.3.1", 3)]
    public async Task Retrieve_Multipart_HasAPartForEachInstance(string path, int expected)
    {
        using var response = await Store.GetAsync(path, "multipart/related; type=\"application/dicom\"; transfer-syntax=*");

        Assert.Equal("multipart/related", response.Content.Headers.ContentType!.MediaType);
        var boundary = response.Content.Headers.ContentType.Parameters.Single(parameter => parameter.Name == "boundary").Value!.Trim('"');
        var parser = new DicomFunctions.Emulator.Stow.MultipartParser(
            System.IO.Pipelines.PipeReader.Create(await response.Content.ReadAsStreamAsync()), boundary);
        var parts = 0;
        while (await parser.NextPartAsync(default) is { } headers)
        {
            Assert.StartsWith("application/dicom", headers["content-type"], StringComparison.Ordinal);
            parts++;
        }

        Assert.Equal(expected, parts);
    }

    [Fact]
    public async Task Retrieve_Multipart_HasAnotherBoundaryEachTime()
    {
        using var one = await Store.GetAsync("studies/1.2.3.1");
        using var other = await Store.GetAsync("studies/1.2.3.1");

        Assert.NotEqual(one.Content.Headers.ContentType!.ToString(), other.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50")]
    [InlineData("image/jpeg")]
    public async Task Retrieve_WhatWouldNeedTranscoding_IsNotAcceptable(string accept)
    {
        using var response = await Store.GetAsync(Instance1, accept);

        await response.AssertErrorAsync(406, "INVALID_ARGUMENT");
    }

    [Theory]
    [InlineData("studies/9.9")]
    [InlineData("studies/1.2.3.1/series/9.9")]
    [InlineData("studies/1.2.3.1/series/1.2.3.1.1/instances/9.9")]
    [InlineData("studies/1.2.3.2/series/1.2.3.1.1")]
    public async Task MissingEntity_IsNotFound(string path)
    {
        using var retrieved = await Store.GetAsync(path);
        using var metadata = await Store.GetAsync(path + "/metadata");
        using var deleted = await Store.DeleteAsync(path);

        await retrieved.AssertErrorAsync(404, "NOT_FOUND");
        await metadata.AssertErrorAsync(404, "NOT_FOUND");
        await deleted.AssertErrorAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Metadata_HasEverythingButBulkData()
    {
        var rows = await Store.SearchAsync("studies/1.2.3.1/metadata");
        var one = (await Store.SearchAsync(Instance1 + "/metadata"))[0];

        Assert.Equal(3, rows.Count);
        Assert.Equal(2, (await Store.SearchAsync("studies/1.2.3.1/series/1.2.3.1.1/metadata")).Count);
        Assert.Equal("P1", one.First(Tags.PatientId));
        Assert.Equal("4", one.First(Tags.Rows));
        Assert.DoesNotContain("7FE00010", one.Keys());
    }

    [Fact]
    public async Task Delete_OneInstance_LeavesTheOthers()
    {
        using var response = await Store.DeleteAsync(Instance1);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
        Assert.Equal(["1.2.3.1.1.2"], (await Store.SearchAsync("studies/1.2.3.1/series/1.2.3.1.1/instances")).All(Tags.SopInstanceUid));
        Assert.Empty(await Store.SearchAsync("instances?SOPInstanceUID=1.2.3.1.1.1"));
        using var again = await Store.DeleteAsync(Instance1);
        Assert.Equal(404, (int)again.StatusCode);
    }

    [Fact]
    public async Task Delete_LastInstance_RemovesSeriesAndStudy()
    {
        using var series = await Store.DeleteAsync("studies/1.2.3.1/series/1.2.3.1.1");
        Assert.Equal(["1.2.3.1.2"], (await Store.SearchAsync("studies/1.2.3.1/series")).All(Tags.SeriesInstanceUid));

        using var study = await Store.DeleteAsync("studies/1.2.3.1");
        Assert.Equal(["1.2.3.2"], (await Store.SearchAsync("studies")).All(Tags.StudyInstanceUid));
        Assert.Empty(await Store.SearchAsync("series?SeriesInstanceUID=1.2.3.1.2"));
        Assert.Equal(3, Emulator.Statistics.Deleted);
    }

    [Fact]
    public async Task Delete_ThenStoreOtherBytes_Succeeds()
    {
        using var deleted = await Store.DeleteAsync(Instance1);

        await Store.AddAsync(SomeDicom.Instance().With(Tags.InstanceNumber, Vr.IS, "77"));

        Assert.Equal("77", (await Store.SearchAsync("instances?SOPInstanceUID=1.2.3.1.1.1"))[0].First(Tags.InstanceNumber));
    }
}
