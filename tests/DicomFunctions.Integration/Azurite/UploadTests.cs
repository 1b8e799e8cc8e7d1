using System.Net.Http.Headers;
using System.Text;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;

namespace DicomFunctions.Integration.Azurite;

/// <summary>
/// Uploads by the function app, of blobs of a real Azurite and of files that come with the request; and the conversion of messages.
/// </summary>
[Collection(AzuriteBlobs.Collection)]
[Trait("Peer", "Azurite")]
public sealed class UploadTests(AzuriteBlobs azurite)
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    [AzuriteFact]
    public async Task Blobs_are_uploaded_by_name_and_pattern_and_every_one_is_stored()
    {
        const int Files = 120;
        await using var host = await FunctionHost.StartAsync(azurite, ("Jobs:BufferSize", "16"));
        for (var i = 0; i < Files; i++)
            await host.PutAsync($"drop/scans/day{i % 3}/{i:D3}.dcm", Some.DicomFile(instance: $"2.25.9.{i}"));
        await host.PutAsync("drop/scans/day0/notes.txt", "no DICOM"u8.ToArray());

        var id = await host.SubmitAsync("upload", new
        {
            destination = Store,
            input_type = "fileio",
            inputs = new[]
            {
                "drop/scans/day0/*.dcm",
                "drop/scans/day1/",
                "drop/scans/day2/002.dcm",
                "drop/scans/day?/**",
                "drop/scans/missing.dcm",
                "drop/elsewhere/*.dcm",
            },
        });

        Assert.Equal("completed", await host.EndAsync(id));
        var records = await host.RecordsAsync(id);
        var day = Enumerable.Range(0, Files).ToLookup(i => i % 3, i => $"drop/scans/day{i % 3}/{i:D3}.dcm");
        Assert.Equal(
            [
                .. day[0], .. day[1], "drop/scans/day2/002.dcm", .. day[0], "drop/scans/day0/notes.txt", .. day[1], .. day[2],
                "drop/scans/missing.dcm", "drop/elsewhere/*.dcm",
            ],
            records.Select(record => record.GetProperty("source").GetString()));
        Assert.Equal(
            ["not_dicom", "not_found", "no_match"],
            records.Where(record => !record.GetProperty("success").GetBoolean())
                .Select(record => record.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(Files, host.Emulator.Statistics.ForStore(Store).Stored);
    }

    [AzuriteFact]
    public async Task Sources_are_expanded_in_runs_and_copied_by_an_app_that_dies_meanwhile()
    {
        const int Files = 60;
        const string Archive = "projects/p/locations/l/datasets/d/dicomStores/archive";
        await using var host = await FunctionHost.StartAsync(azurite, ("Jobs:ActivityTime", "00:00:00"));
        for (var i = 0; i < Files; i++)
        {
            using var file = new ByteArrayContent(Some.DicomFile($"2.25.8.{i % 4}", $"2.25.8.{i % 4}.1", $"2.25.8.{i % 4}.1.{i}"));
            file.Headers.ContentType = new("application/dicom");
            using var answer = await host.Http.PostAsync($"{host.Emulator.BaseAddress}v1/{Archive}/dicomWeb/studies", file);
            answer.EnsureSuccessStatusCode();
        }

        await host.PutAsync("drop/scans/1.dcm", Some.DicomFile(instance: "2.25.9.1"));
        var id = await host.SubmitAsync("upload", new
        {
            destination = Store,
            input_type = "fileio",
            inputs = new[] { $"dicomweb:{Archive}/dicomWeb/studies", "drop/scans/*.dcm" },
        });
        for (var kill = 0; kill < 3; kill++)
        {
            await Task.Delay(300 + (kill * 300));
            await host.KillAsync();
        }

        Assert.Equal("completed", await host.EndAsync(id));
        var records = await host.RecordsAsync(id);
        Assert.All(records, record => Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText()));
        Assert.Equal(
            [
                "drop/scans/1.dcm",
                .. Enumerable.Range(0, Files)
                    .Select(i => (Study: $"2.25.8.{i % 4}", Number: i))
                    .Select(one => $"{one.Study}/series/{one.Study}.1/instances/{one.Study}.1.{one.Number}")
                    .Select(path => $"dicomweb:{Archive}/dicomWeb/studies/{path}")
                    .Order(StringComparer.Ordinal),
            ],
            records.Select(record => record.GetProperty("source").GetString()!).Take(1)
                .Concat(records.Select(record => record.GetProperty("source").GetString()!).Skip(1).Order(StringComparer.Ordinal)));
        Assert.Equal(Files + 1, host.Emulator.Statistics.ForStore(Store).Stored);
    }

    [AzuriteFact]
    public async Task Files_that_come_with_the_request_are_kept_in_the_container_stored_and_removed_with_their_job()
    {
        await using var host = await FunctionHost.StartAsync(azurite);
        // Its bytes are kept in blocks.
        var large = Some.DicomFile(instance: "2.25.8.1", pixelBytes: 9 << 20);

        var sent = FunctionHost.Lines(await host.SendAsync(HttpMethod.Post, $"upload?destination={Store}&wait=60", Dicom(large)));
        using var body = new MultipartContent("related", "a-boundary");
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/related; type=\"application/dicom\"; boundary=a-boundary");
        body.Add(Dicom(Some.DicomFile(instance: "2.25.8.2")));
        body.Add(Dicom("no DICOM"u8.ToArray()));
        var parts = FunctionHost.Lines(await host.SendAsync(HttpMethod.Post, $"upload?destination={Store}&wait=60", body));
        var bytes = await host.SubmitAsync(
            "upload", new
            {
                destination = Store,
                input_type = "bytes",
                inputs = new[] { Convert.ToBase64String(Some.DicomFile(instance: "2.25.8.3")) },
            });
        Assert.Equal("completed", await host.EndAsync(bytes));

        Assert.Equal(
            [true, true, false, true],
            sent.Concat(parts).Concat(await host.RecordsAsync(bytes)).Select(record => record.GetProperty("success").GetBoolean()));
        Assert.Equal(3, host.Emulator.Statistics.ForStore(Store).Stored);
        Assert.Equal(4, (await host.BlobsAsync("jobs")).Count(name => name.Contains("/bodies/", StringComparison.Ordinal)));
        foreach (var job in await host.JobsAsync())
            await host.SendAsync(HttpMethod.Delete, "jobs/" + job.GetProperty("id").GetString(), status: 204);
        Assert.Empty(await host.BlobsAsync("jobs"));
    }

    [AzuriteFact]
    public async Task Messages_are_formatted_at_once_and_leave_no_job()
    {
        await using var host = await FunctionHost.StartAsync(azurite);

        using var body = new StringContent(
            $"[\"{Store}/dicomWeb/studies/1.2/series/3.4/instances/5.6\",\"nothing\"]", Encoding.UTF8, "application/json");
        var records = FunctionHost.Lines(await host.SendAsync(HttpMethod.Post, "format", body));

        Assert.Equal([true, false], records.Select(record => record.GetProperty("success").GetBoolean()));
        Assert.Equal("5.6", records[0].GetProperty("result").GetProperty("params").GetProperty("SOPInstanceUID").GetString());
        Assert.Empty(await host.BlobsAsync("jobs"));
    }

    private static ByteArrayContent Dicom(byte[] file) =>
        new(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/dicom") } };
}
