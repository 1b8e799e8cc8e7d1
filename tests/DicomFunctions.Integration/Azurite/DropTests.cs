using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;

namespace DicomFunctions.Integration.Azurite;

/// <summary>Files dropped into a container of a real Azurite, worked by the function app.</summary>
[Collection(AzuriteBlobs.Collection)]
[Trait("Peer", "Azurite")]
public sealed class DropTests(AzuriteBlobs azurite)
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";
    private const string Research = "projects/p/locations/l/datasets/d/dicomStores/research";

    [AzuriteFact]
    public async Task Thousands_of_blobs_dropped_at_once_with_an_event_for_each_are_one_job()
    {
        const int Files = 2_000;
        await using var host = await StartAsync();
        await host.Blobs.GetBlobContainerClient("drop").CreateAsync();
        await Parallel.ForEachAsync(Names(Files).Index(), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (file, token) =>
            await host.Blob(file.Item).UploadAsync(BinaryData.FromBytes(Some.DicomFile(instance: $"2.25.3.{file.Index}")), token));

        await AssertWorkedAsOneJobAsync(host, Files);

        Assert.Empty(await host.BlobsAsync("drop"));
    }

    /// <summary>Ten thousand blobs would keep Azurite busy for minutes: they are files here, and all else is the app's.</summary>
    [AzuriteFact]
    public async Task Ten_thousand_files_dropped_at_once_with_an_event_for_each_are_one_job()
    {
        const int Files = 10_000;
        using var folder = new TempFolder();
        foreach (var (i, name) in Names(Files).Index())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Combine(name))!);
            await File.WriteAllBytesAsync(folder.Combine(name), Some.DicomFile(instance: $"2.25.3.{i}"));
        }

        await using var host = await FunctionHost.StartAsync(
            azurite, new DirectoryObjectStore(folder.Path), ("Drop:Destination", Store), ("Drop:SettleTime", "00:00:00"));

        await AssertWorkedAsOneJobAsync(host, Files);

        Assert.Empty(Directory.EnumerateFiles(folder.Combine("drop"), "*", SearchOption.AllDirectories));
    }

    [AzuriteFact]
    public async Task Files_go_to_their_aliases_store_or_to_failed_with_their_error_and_are_worked_anew_when_moved_back()
    {
        await using var host = await StartAsync(("Drop:Aliases:research", Research));
        await host.PutAsync("drop/incoming/plain.dcm", Some.DicomFile(instance: "2.25.4.1"));
        await host.PutAsync("drop/incoming/research/deep/er/r.dcm", Some.DicomFile(instance: "2.25.4.2"));
        await host.PutAsync("drop/incoming/nobody/n.dcm", Some.DicomFile(instance: "2.25.4.3"));
        await host.PutAsync("drop/incoming/research/bad.dcm", "no DICOM"u8.ToArray());

        await host.DropAsync();

        Assert.Equal(
            [
                "drop/failed/nobody/n.dcm", "drop/failed/nobody/n.dcm.error.json", "drop/failed/research/bad.dcm",
                "drop/failed/research/bad.dcm.error.json",
            ],
            await host.BlobsAsync("drop"));
        Assert.Equal((1, 1), (Stored(host, Store), Stored(host, Research)));
        var id = Assert.Single(await host.JobsAsync()).GetProperty("id").GetString()!;
        var records = await host.RecordsAsync(id, "?success=false");
        Assert.Equal(["unknown_alias", "not_dicom"], records.Select(record => record.GetProperty("error").GetProperty("code").GetString()));
        Assert.StartsWith(
            records[0].GetRawText()[..^1], await host.ReadAsync("drop/failed/nobody/n.dcm.error.json"), StringComparison.Ordinal);
        Assert.Contains("drop/failed", await host.SendAsync(HttpMethod.Post, $"jobs/{id}/retry", status: 409), StringComparison.Ordinal);

        await host.MoveAsync("drop/failed/nobody/n.dcm", "drop/incoming/research/n.dcm");
        await host.MoveAsync("drop/failed/research/bad.dcm", "drop/incoming/research/bad.dcm");
        await host.PutAsync("drop/incoming/research/bad.dcm", Some.DicomFile(instance: "2.25.4.4"));
        await host.DropAsync();

        Assert.Equal(3, Stored(host, Research));
        Assert.Equal(["drop/failed/nobody/n.dcm.error.json"], await host.BlobsAsync("drop"));
    }

    [AzuriteFact]
    public async Task Stored_files_are_archived_where_that_is_wished()
    {
        await using var host = await StartAsync(("Drop:Archive", "true"));
        var file = Some.DicomFile(instance: "2.25.4.1");
        await host.PutAsync("drop/incoming/sub/a.dcm", file);

        await host.DropAsync();

        Assert.Equal(["drop/archive/sub/a.dcm"], await host.BlobsAsync("drop"));
        Assert.Equal(file, (await host.Blob("drop/archive/sub/a.dcm").DownloadContentAsync()).Value.Content.ToArray());
        Assert.Equal(1, Stored(host, Store));
    }

    [AzuriteFact]
    public async Task A_file_still_being_written_is_taken_once_it_has_settled()
    {
        var settleTime = TimeSpan.FromSeconds(10);
        await using var host = await StartAsync(("Drop:SettleTime", settleTime.ToString()));
        await host.PutAsync("drop/incoming/a.dcm", "the beginning"u8.ToArray());
        await host.RunAsync("DropDoorbell", "drop/incoming/a.dcm");
        await host.PutAsync("drop/incoming/a.dcm", Some.DicomFile(instance: "2.25.4.1"));
        var written = (await host.Blob("drop/incoming/a.dcm").GetPropertiesAsync()).Value.LastModified;

        await Eventually.HoldsAsync(async () => !await host.IsActiveAsync("drop"), "the drop ends");

        var job = Assert.Single(await host.JobsAsync());
        Assert.True(job.GetProperty("created_at").GetDateTimeOffset() >= written + settleTime);
        Assert.Equal(1, job.GetProperty("summary").GetProperty("succeeded").GetInt32());
        Assert.Empty(await host.BlobsAsync("drop"));
    }

    [AzuriteFact]
    public async Task The_app_killed_meanwhile_stores_every_file_and_leaves_none()
    {
        const int Files = 400;
        await using var host = await StartAsync(("Jobs:BufferSize", "2"), ("Drop:MaxFilesPerJob", "150"));
        var names = Enumerable.Range(0, Files).Select(i => $"drop/incoming/{i:D3}.dcm").ToList();
        foreach (var (i, name) in names.Index())
            await host.PutAsync(name, Some.DicomFile(instance: $"2.25.3.{i}"));
        var seen = host.Emulator.Statistics.ForStore(Store).DicomWeb;
        var random = new Random(4);

        await host.RunAsync("DropTimer");
        for (var kills = 0; kills < 5; kills++)
        {
            var next = seen.Count + random.Next(40);
            await Eventually.HoldsAsync(async () => seen.Count >= next || !await host.IsActiveAsync("drop"), "requests are made");
            await host.KillAsync();
        }

        await host.DropAsync();
        Assert.Equal(Files, Stored(host, Store));
        Assert.Empty(await host.BlobsAsync("drop"));
        List<string> sources = [];
        foreach (var job in await host.JobsAsync())
        {
            Assert.Equal("completed", job.GetProperty("state").GetString());
            sources.AddRange(
                (await host.RecordsAsync(job.GetProperty("id").GetString()!)).Select(record => record.GetProperty("source").GetString()!));
        }

        Assert.Equal(names, sources.Order(StringComparer.Ordinal));
    }

    private static List<string> Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"drop/incoming/{i % 7}/{i:D5}.dcm")];

    /// <summary>
    /// Rings for many of the files, as events do, and then once more; all are one job, each has one record and is stored.
    /// </summary>
    private static async Task AssertWorkedAsOneJobAsync(FunctionHost host, int files)
    {
        await Parallel.ForEachAsync(Names(files).Take(500), async (name, _) => await host.RunAsync("DropDoorbell", name));
        await host.DropAsync();

        var job = Assert.Single(await host.JobsAsync());
        Assert.Equal(
            ("completed", files), (job.GetProperty("state").GetString(), job.GetProperty("summary").GetProperty("succeeded").GetInt32()));
        var records = await host.RecordsAsync(job.GetProperty("id").GetString()!);
        Assert.Equal(Names(files).Order(StringComparer.Ordinal), records.Select(record => record.GetProperty("source").GetString()));
        var statistics = host.Emulator.Statistics.ForStore(Store);
        Assert.Equal((files, 0), (statistics.Stored, statistics.AlreadyStored));
        Assert.InRange(statistics.DicomWeb.Count, 1, files / 2);
    }

    private Task<FunctionHost> StartAsync(params (string Key, string Value)[] settings) =>
        FunctionHost.StartAsync(azurite, [("Drop:Destination", Store), ("Drop:SettleTime", "00:00:00"), .. settings]);

    private static long Stored(FunctionHost host, string store) => host.Emulator.Statistics.ForStore(store).Stored;
}
