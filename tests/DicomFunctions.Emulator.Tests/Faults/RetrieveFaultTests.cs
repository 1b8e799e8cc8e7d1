using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Faults;

public sealed class RetrieveFaultTests : EmulatorTest
{
    private const string AsStored = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    public static TheoryData<FaultOptions, string> ChangedLists => new()
    {
        { new FaultOptions(), "1.1 1.2 1.3" },
        { new FaultOptions { OmitInstances = 1 }, "1.2 1.3" },
        { new FaultOptions { RepeatInstances = 2 }, "1.1 1.2 1.3 1.1 1.2" },
        { new FaultOptions { ReverseInstances = true }, "1.3 1.2 1.1" },
        { new FaultOptions { AddInstance = true }, "1.1 1.2 1.3 2.1" },
        { new FaultOptions { OmitInstances = 1, ReverseInstances = true, RepeatInstances = 1, AddInstance = true }, "1.3 1.2 1.3 2.1" },
    };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Store.AddAsync(SomeDicom.Instance(), SomeDicom.Instance(2), SomeDicom.Instance(3), SomeDicom.Instance(study: 2));
    }

    [Theory]
    [MemberData(nameof(ChangedLists))]
    public async Task Omit_repeat_reverse_add_change_files_and_metadata_alike(FaultOptions faults, string expected)
    {
        Emulator.Faults.Set(StorePath, faults);

        using var response = await Store.GetAsync("studies/1.2.3.1", AsStored);
        var body = await MultipartBody.ReadAsync(response);
        var rows = await Store.SearchAsync("studies/1.2.3.1/metadata");

        string[] uids = [.. expected.Split(' ').Select(name => $"1.2.3.{name[0]}.1.{name[2]}")];
        Assert.True(body.IsWhole);
        Assert.Equal(uids, body.Parts.Select(UidOf));
        Assert.Equal(uids, rows.All(Tags.SopInstanceUid));
    }

    [Fact]
    public async Task AddInstance_of_another_transfer_syntax_is_sent_as_stored()
    {
        using var deleted = await Store.DeleteAsync("studies/1.2.3.2");
        var jpeg = SomeDicom.Instance(study: 3).WithFragments([1, 2, 3, 4]).In("1.2.840.10008.1.2.4.50");
        await Store.AddAsync(jpeg);
        Emulator.Faults.Set(StorePath, new FaultOptions { AddInstance = true });

        using var response = await Store.GetAsync("studies/1.2.3.1", "multipart/related; type=\"application/dicom\"");

        var added = (await MultipartBody.ReadAsync(response)).Parts[^1];
        Assert.Equal("application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50", added.ContentType);
        Assert.Equal(jpeg.ToBytes(), added.Bytes);
    }

    [Fact]
    public async Task OmitInstances_of_everything_answers_no_content()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { OmitInstances = 3 });

        using var files = await Store.GetAsync("studies/1.2.3.1", AsStored);
        using var metadata = await Store.GetAsync("studies/1.2.3.1/metadata");

        Assert.Equal(204, (int)files.StatusCode);
        Assert.Equal(204, (int)metadata.StatusCode);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public async Task EndAfterParts_ends_the_body_without_its_closing_delimiter(int endAfter, int wholeParts)
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { EndAfterParts = endAfter });

        using var response = await Store.GetAsync("studies/1.2.3.1", AsStored);

        var body = await MultipartBody.ReadAsync(response);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.False(body.IsWhole);
        Assert.Equal(wholeParts, body.Parts.Count);
    }

    [Fact]
    public async Task TruncateRate_breaks_the_connection_within_the_body()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { TruncateRate = 1, TruncateAfterBytes = 700, Kinds = [RequestKind.Retrieve] });

        await Assert.ThrowsAsync<HttpRequestException>(() => Store.GetAsync("studies/1.2.3.1", AsStored));
        Assert.Equal(3, (await Store.SearchAsync("studies/1.2.3.1/metadata")).Count);
    }

    [Theory]
    [InlineData("studies", null)]
    [InlineData("studies/1.2.3.1/metadata", null)]
    [InlineData("studies/1.2.3.1", AsStored)]
    [InlineData("studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.1", "application/dicom; transfer-syntax=*")]
    public async Task PartialContent_answers_206_instead_of_200(string path, string? accept)
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { PartialContent = true });

        using var response = await Store.GetAsync(path, accept);
        using var missing = await Store.GetAsync("studies/9.9/metadata");

        Assert.Equal(206, (int)response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(404, (int)missing.StatusCode);
        Assert.Equal(1, Emulator.Statistics.Statuses[206]);
    }

    [Fact]
    public async Task Kinds_limit_these_faults_too()
    {
        Emulator.Faults.Set(StorePath, new FaultOptions { OmitInstances = 1, PartialContent = true, Kinds = [RequestKind.Metadata] });

        using var files = await Store.GetAsync("studies/1.2.3.1", AsStored);
        using var metadata = await Store.GetAsync("studies/1.2.3.1/metadata");

        Assert.Equal(200, (int)files.StatusCode);
        Assert.Equal(3, (await MultipartBody.ReadAsync(files)).Parts.Count);
        Assert.Equal(206, (int)metadata.StatusCode);
    }

    private static string UidOf(MultipartBody.Part part) =>
        DicomAttributes.Read(new MemoryStream(part.Bytes), _ => true).Attributes.Text(Tags.SopInstanceUid);
}
