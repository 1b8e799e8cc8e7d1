using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Emulator.Tests.Storage;

/// <summary>Study, series and SOP instance UID identify an instance together; none of them is unique by itself.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly TempFolder _directory = new();
    private readonly SomeDicom[] _files =
    [
        Instance("1.1", "1.1.1", "7.7", "CT"), // One SOP instance UID in two series,
        Instance("1.1", "1.1.2", "7.7", "MR"),
        Instance("1.2", "1.1.1", "7.7", "US"), // one series UID in two studies,
        Instance("1.2", "1.1.1", "7.8", "US"), // and an ordinary one.
    ];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Rows_are_distinguished_by_all_UIDs_of_their_level_after_a_restart_too()
    {
        await InEmulatorAsync((_, store) => store.AddAsync(_files));
        await InEmulatorAsync(async (emulator, store) =>
        {
            Assert.Equal(["1.1", "1.2"], Rows(await store.SearchAsync("studies"), Tags.StudyInstanceUid));
            Assert.Equal(
                ["1.1 1.1.1", "1.1 1.1.2", "1.2 1.1.1"],
                Rows(await store.SearchAsync("series"), Tags.StudyInstanceUid, Tags.SeriesInstanceUid));
            Assert.Equal(
                ["1.1 1.1.1 7.7", "1.1 1.1.2 7.7", "1.2 1.1.1 7.7", "1.2 1.1.1 7.8"],
                Rows(await store.SearchAsync("instances"), Tags.StudyInstanceUid, Tags.SeriesInstanceUid, Tags.SopInstanceUid));
            Assert.Equal(3, (await store.SearchAsync("instances?SOPInstanceUID=7.7")).Count);
            Assert.Equal(2, (await store.SearchAsync("instances?SOPInstanceUID=7.7&limit=2")).Count);
            Assert.Equal(2, (await store.SearchAsync("series?SeriesInstanceUID=1.1.1")).Count);
            Assert.Equal(
                "MR",
                Assert.Single(await store.SearchAsync("studies/1.1/series/1.1.2/instances?SOPInstanceUID=7.7&includefield=Modality"))
                    .First(Tags.Modality));
            Assert.Equal("US", Assert.Single(await store.SearchAsync("studies/1.2/series?SeriesInstanceUID=1.1.1")).First(Tags.Modality));
            Assert.Equal(
                "2",
                Assert.Single(await store.SearchAsync("studies/1.2/series?includefield=NumberOfSeriesRelatedInstances"))
                    .First(Tags.NumberOfSeriesRelatedInstances));
            Assert.Equal(
                "2",
                Assert.Single(await store.SearchAsync("studies?StudyInstanceUID=1.1&includefield=NumberOfStudyRelatedInstances"))
                    .First(Tags.NumberOfStudyRelatedInstances));
        });
    }

    [Fact]
    public async Task Each_instance_is_retrieved_by_its_own_path_and_compared_with_itself()
    {
        await InEmulatorAsync(async (emulator, store) =>
        {
            await store.AddAsync(_files);
            await store.AddAsync(_files);
            Assert.Equal(4, emulator.Statistics.Stored);
            Assert.Equal(4, emulator.Statistics.AlreadyStored);
            using var conflict = await store.StowAsync(Instance("1.1", "1.1.2", "7.7", "OT"));
            Assert.Equal(409, (int)conflict.StatusCode);

            foreach (var (path, file) in Paths().Zip(_files))
            {
                using var response = await store.GetAsync(path);
                Assert.Equal(file.ToBytes(), await response.Content.ReadAsByteArrayAsync());
                using var metadata = await store.GetAsync(path + "/metadata");
                Assert.Single((await metadata.JsonAsync()).AsArray());
            }
        });
    }

    [Fact]
    public async Task Delete_leaves_instances_of_the_same_UID_elsewhere()
    {
        await InEmulatorAsync(async (emulator, store) =>
        {
            await store.AddAsync(_files);
            using var instance = await store.DeleteAsync("studies/1.1/series/1.1.1/instances/7.7");
            using var series = await store.DeleteAsync("studies/1.2/series/1.1.1");

            Assert.Equal(3, emulator.Statistics.Deleted);
            var left = Assert.Single(await store.SearchAsync("instances"));
            Assert.Equal("1.1.2", left.First(Tags.SeriesInstanceUid));
            using var kept = await store.GetAsync("studies/1.1/series/1.1.2/instances/7.7");
            Assert.Equal(_files[1].ToBytes(), await kept.Content.ReadAsByteArrayAsync());
        });
        await InEmulatorAsync(async (_, store) => Assert.Single(await store.SearchAsync("instances")));
    }

    private static IEnumerable<string> Paths() =>
    [
        "studies/1.1/series/1.1.1/instances/7.7", "studies/1.1/series/1.1.2/instances/7.7",
        "studies/1.2/series/1.1.1/instances/7.7", "studies/1.2/series/1.1.1/instances/7.8",
    ];

    private static SomeDicom Instance(string study, string series, string sop, string modality) => SomeDicom.Instance()
        .With(Tags.StudyInstanceUid, Vr.UI, study)
        .With(Tags.SeriesInstanceUid, Vr.UI, series)
        .With(Tags.SopInstanceUid, Vr.UI, sop)
        .With(Tags.Modality, Vr.CS, modality);

    private static string[] Rows(System.Text.Json.Nodes.JsonArray rows, params uint[] tags) =>
        [.. rows.Select(row => string.Join(' ', tags.Select(tag => row.First(tag)))).Order(StringComparer.Ordinal)];

    private async Task InEmulatorAsync(Func<DicomStoreEmulator, StoreClient, Task> use)
    {
        var options = new EmulatorOptions { Directory = _directory.Path, PubSubEmulatorHost = "" };
        await using var emulator = await DicomStoreEmulator.StartAsync(options);
        using var store = new StoreClient(emulator.BaseAddress, EmulatorTest.StorePath);
        await use(emulator, store);
    }
}
