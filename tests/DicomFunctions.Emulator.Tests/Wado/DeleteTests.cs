using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Wado;

public sealed class DeleteTests : EmulatorTest
{
    private const string Instance1 = "studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.1";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Store.AddAsync(SomeDicom.Instance(), SomeDicom.Instance(2), SomeDicom.Instance(1, series: 2), SomeDicom.Instance(study: 2));
    }

    [Theory]
    [InlineData("studies/9.9")]
    [InlineData("studies/1.2.3.1/series/9.9")]
    [InlineData("studies/1.2.3.1/series/1.2.3.1.1/instances/9.9")]
    [InlineData("studies/1.2.3.2/series/1.2.3.1.1")]
    public async Task Delete_missing_entity_is_not_found(string path)
    {
        using var deleted = await Store.DeleteAsync(path);

        await deleted.AssertErrorAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Delete_one_instance_leaves_the_others()
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
    public async Task Delete_last_instance_removes_series_and_study()
    {
        using var series = await Store.DeleteAsync("studies/1.2.3.1/series/1.2.3.1.1");
        Assert.Equal(["1.2.3.1.2"], (await Store.SearchAsync("studies/1.2.3.1/series")).All(Tags.SeriesInstanceUid));

        using var study = await Store.DeleteAsync("studies/1.2.3.1");
        Assert.Equal(["1.2.3.2"], (await Store.SearchAsync("studies")).All(Tags.StudyInstanceUid));
        Assert.Empty(await Store.SearchAsync("series?SeriesInstanceUID=1.2.3.1.2"));
        Assert.Equal(3, Emulator.Statistics.Deleted);
    }

    [Fact]
    public async Task Delete_then_store_other_bytes_succeeds()
    {
        using var deleted = await Store.DeleteAsync(Instance1);

        await Store.AddAsync(SomeDicom.Instance().With(Tags.InstanceNumber, Vr.IS, "77"));

        Assert.Equal("77", (await Store.SearchAsync("instances?SOPInstanceUID=1.2.3.1.1.1"))[0].First(Tags.InstanceNumber));
    }
}
