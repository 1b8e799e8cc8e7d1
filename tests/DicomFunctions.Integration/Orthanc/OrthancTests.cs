using System.Text.Json;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Orthanc;

/// <summary>The client against a DICOMweb server nobody here wrote, with the quirks it has.</summary>
public sealed class OrthancTests
{
    [OrthancFact]
    public async Task Files_are_stored_together_and_alone_and_found_at_three_levels_page_by_page()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        await using var host = new PeerHost(
            orthanc.BaseUrl, ("DicomWeb:PageSizes:Instances", "7"), ("DicomWeb:PageSizes:Series", "2"),
            ("DicomWeb:MultipartMaxBytes", "100000"));
        // One is too large to share a request: Orthanc answers 415 to a single part, and it goes out as a multipart of one.
        var files = Enumerable.Range(0, 24).Select(i => (
            $"{i:D2}.dcm", Some.DicomFile("2.25.1", $"2.25.1.{i % 3}", $"2.25.1.{i % 3}.{i}", pixelBytes: i == 5 ? 200_000 : 64)));

        var records = await host.UploadAsync(files);

        Assert.All(records, record => Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText()));
        var study = await host.SearchAsync("studies", new { StudyInstanceUID = "2.25.1" });
        Assert.Equal(1, study.GetProperty("result").GetArrayLength());
        Assert.Equal(3, (await host.SearchAsync("series", new { StudyInstanceUID = "2.25.1" })).GetProperty("result").GetArrayLength());
        var instances = await host.SearchAsync("instances", new { StudyInstanceUID = "2.25.1" });
        Assert.Equal(24, Uids(instances).Distinct().Count());
        Assert.Equal(24, instances.GetProperty("result").GetArrayLength());
        var window = await host.SearchAsync("instances", new { StudyInstanceUID = "2.25.1", limit = "10", offset = 5 });
        Assert.Equal(10, Uids(window).Distinct().Count());
        Assert.Equal(
            8, (await host.SearchAsync("instances", new { SeriesInstanceUID = "2.25.1.1" })).GetProperty("result").GetArrayLength());
    }

    [OrthancFact]
    public async Task NoMatch_is_a_success()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        await using var host = new PeerHost(orthanc.BaseUrl);
        var record = await host.SearchAsync("studies", new { StudyInstanceUID = "2.25.404" });
        Assert.True(record.GetProperty("success").GetBoolean());
        Assert.Equal(0, record.GetProperty("result").GetArrayLength());
    }

    [OrthancFact]
    public async Task Sending_again_is_a_success()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        await using var host = new PeerHost(orthanc.BaseUrl);
        var file = ("a.dcm", Some.DicomFile());
        Assert.True(Assert.Single(await host.UploadAsync([file])).GetProperty("success").GetBoolean());
        Assert.True(Assert.Single(await host.UploadAsync([file])).GetProperty("success").GetBoolean());
    }

    [OrthancFact]
    public async Task One_bad_part_is_a_failed_record_and_the_good_ones_are_stored()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        await using var host = new PeerHost(orthanc.BaseUrl);
        var whole = Some.DicomFile(instance: "2.25.7.1", pixelBytes: 4096);
        // Its header is good, so it is sent; it breaks off in its pixels, which Orthanc answers 400 for the whole request.
        var records = await host.UploadAsync(
        [
            ("1.dcm", Some.DicomFile(instance: "2.25.7.2")),
            ("2.dcm", whole[..^3000]),
            ("3.dcm", Some.DicomFile(instance: "2.25.7.3")),
            ("4.txt", "this is no DICOM file"u8.ToArray()),
        ]);

        Assert.True(
            records.Select(record => record.GetProperty("success").GetBoolean()).SequenceEqual([true, false, true, false]),
            string.Join('\n', records));
        Assert.Equal(400, records[1].GetProperty("status").GetInt32());
        Assert.Equal("not_dicom", records[3].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(2, (await host.SearchAsync("instances", new { })).GetProperty("result").GetArrayLength());
    }

    [OrthancSamplesFact]
    public async Task The_samples_are_accepted_and_refused_as_measured()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        await using var host = new PeerHost(orthanc.BaseUrl);
        using var index = JsonDocument.Parse(await File.ReadAllTextAsync(Shared.Path("dicom-samples", "index.json")));
        foreach (var sample in index.RootElement.EnumerateArray())
        {
            var name = sample.GetProperty("file").GetString()!;
            var record = Assert.Single(await host.UploadAsync([(name, await File.ReadAllBytesAsync(Shared.Path("dicom-samples", name)))]));
            var accepts = sample.GetProperty("orthanc").GetProperty("stow_status").GetInt32() == 200;
            Assert.True(accepts == record.GetProperty("success").GetBoolean(), record.GetRawText());
        }
    }

    private static IEnumerable<string> Uids(JsonElement record) =>
        record.GetProperty("result").EnumerateArray().Select(row => row.GetProperty("00080018").GetProperty("Value")[0].GetString()!);
}
