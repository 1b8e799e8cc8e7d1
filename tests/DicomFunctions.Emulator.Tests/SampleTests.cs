using System.Text.Encodings.Web;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests;

public sealed class SampleTests : EmulatorTest
{
    [SamplesFact]
    public async Task Every_sample_is_stored_and_found_under_the_identifiers_of_the_index()
    {
        foreach (var sample in Samples.Index())
        {
            // A store for each, as some of them share UIDs.
            var file = (string)sample["file"]!;
            using var store = new StoreClient(Emulator.BaseAddress, StorePath + file);
            using var response = await store.StowAsync(Samples.Bytes(file));
            var isWhole = sample["sop_uid"] is not null && file != "MR_truncated.dcm";

            Assert.Equal(isWhole ? 200 : 409, (int)response.StatusCode);
            var failure = (await response.JsonAsync())["00081198"]?["Value"]?[0].First(Tags.FailureReason);
            Assert.Equal(isWhole ? null : "49152", failure);
            if (isWhole)
                await AssertFoundAsync(store, sample, file);
        }
    }

    [SamplesFact]
    public async Task Samples_with_the_same_UIDs_are_conflicts_except_the_first()
    {
        var statuses = new List<int>();
        string[] files = ["MR_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm", "MR_small.dcm"];
        foreach (var file in files)
        {
            using var response = await Store.StowAsync(Samples.Bytes(file));
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 409, 409, 409, 200], statuses);
        Assert.Single(await Store.SearchAsync("instances"));
    }

    [SamplesFact]
    public async Task Japanese_sample_is_found_by_its_name()
    {
        using var response = await Store.StowAsync(Samples.Bytes("chrH31.dcm"));

        var row = (await Store.SearchAsync("studies?PatientName=" + Uri.EscapeDataString("山田^太郎")))[0];

        Assert.Equal(
            """{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎","Phonetic":"やまだ^たろう"}""",
            row!["00100010"]!["Value"]![0]!.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Single(await Store.SearchAsync("studies?fuzzymatching=true&PatientName=" + Uri.EscapeDataString("やま")));
    }

    private static async Task AssertFoundAsync(StoreClient store, System.Text.Json.Nodes.JsonNode sample, string file)
    {
        var (study, series, sop) = ((string)sample["study_uid"]!, (string)sample["series_uid"]!, (string)sample["sop_uid"]!);
        var row = (await store.SearchAsync($"instances?StudyInstanceUID={study}&SeriesInstanceUID={series}&SOPInstanceUID={sop}")).Single();
        Assert.Equal(sop, row.First(Tags.SopInstanceUid));
        Assert.Equal((string?)sample["sop_class_uid"], row.First(Tags.SopClassUid));
        Assert.Equal((string?)sample["frames"], row.First(Tags.NumberOfFrames));
        Assert.Equal((string?)sample["modality"], (await store.SearchAsync($"series?SeriesInstanceUID={series}"))[0].First(Tags.Modality));
        Assert.Equal((string?)sample["patient_id"], (await store.SearchAsync("studies"))[0].First(Tags.PatientId));
        Assert.NotEmpty((await store.SearchAsync($"studies/{study}/series/{series}/instances/{sop}/metadata")).Single().Keys());
        using var fetched = await store.GetAsync(
            $"studies/{study}/series/{series}/instances/{sop}", "application/dicom; transfer-syntax=*");
        Assert.Equal(Samples.Bytes(file), await fetched.Content.ReadAsByteArrayAsync());
        Assert.Contains((string)sample["transfer_syntax"]!, fetched.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
    }
}
