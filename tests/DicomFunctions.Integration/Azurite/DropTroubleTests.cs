using System.Text.Json;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;

namespace DicomFunctions.Integration.Azurite;

/// <summary>Blobs that people really drop: what is odd about one of them holds up no other, and none is sent again and again.</summary>
[Collection(AzuriteBlobs.Collection)]
[Trait("Peer", "Azurite")]
public sealed class DropTroubleTests(AzuriteBlobs azurite)
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";
    private const string Research = "projects/p/locations/l/datasets/d/dicomStores/research";

    [AzuriteFact]
    public async Task Names_no_object_can_have_are_worked_like_all_others_and_keep_their_alias()
    {
        await using var host = await StartAsync(("Drop:Aliases:research", Research));
        string[] names =
        [
            "a.dcm", "research//b.dcm", "research/deep//er/c.dcm", "research/" + new string('x', 256),
            "research/" + string.Concat(Enumerable.Repeat("segment/", 126)) + "d.dcm", "research/#?%20%.dcm", "research/dot.",
            "/nobodys.dcm", "research/MÜLLER^山田 .dcm",
        ];
        foreach (var (i, name) in names.Index())
            await host.PutAsync("drop/incoming/" + name, Some.DicomFile(instance: $"2.25.4.{i}"));

        await host.DropAsync();

        Assert.Equal((1, names.Length - 2), (Stored(host, Store), Stored(host, Research)));
        var left = await host.BlobsAsync("drop");
        Assert.Equal(2, left.Count);
        Assert.Contains(
            "unknown_alias",
            await host.ReadAsync(left.Single(name => name.EndsWith(".error.json", StringComparison.Ordinal))),
            StringComparison.Ordinal);
    }

    /// <summary>The SDK asks for another blob than the one whose name ends in a slash.</summary>
    [AzuriteFact]
    public async Task A_name_that_cannot_be_asked_for_is_left_with_its_error()
    {
        await using var host = await StartAsync();
        await host.PutAsync("drop/incoming/plain.dcm", Some.DicomFile(instance: "2.25.4.1"));
        var container = host.Blobs.GetBlobContainerClient("drop")
            .GenerateSasUri(BlobContainerSasPermissions.Write, DateTimeOffset.UtcNow.AddHours(1));
        using var put = new HttpRequestMessage(
            HttpMethod.Put, $"{container.GetLeftPart(UriPartial.Path)}/incoming%2Fward%2Ftrailing.dcm%2F{container.Query}")
        {
            Content = new ByteArrayContent(Some.DicomFile(instance: "2.25.4.2")),
            Headers = { { "x-ms-blob-type", "BlockBlob" } },
        };
        using var http = new HttpClient();
        (await http.SendAsync(put)).EnsureSuccessStatusCode();

        for (var i = 0; i < 2; i++)
            await host.DropAsync();

        Assert.Equal(1, Stored(host, Store));
        Assert.Single(await host.JobsAsync());
        var left = await host.BlobsAsync("drop");
        Assert.Equal("drop/incoming/ward/trailing.dcm/", left[1]);
        var error = JsonElement.Parse(await host.ReadAsync(left[0]));
        Assert.Equal(
            ("drop/incoming/ward/trailing.dcm/", "bad_reference"),
            (error.GetProperty("source").GetString(), error.GetProperty("error").GetProperty("code").GetString()));
        Assert.Contains("Rename it", error.GetProperty("left").GetString(), StringComparison.Ordinal);
    }

    [AzuriteFact]
    public async Task Page_and_append_blobs_snapshots_tags_and_folders_hold_up_nothing()
    {
        await using var host = await StartAsync();
        await host.PutAsync("drop/incoming/tagged.dcm", Some.DicomFile(instance: "2.25.4.1"));
        await host.Blob("drop/incoming/tagged.dcm").SetTagsAsync(new Dictionary<string, string> { ["ward"] = "7" });
        await host.PutAsync("drop/incoming/snapped.dcm", Some.DicomFile(instance: "2.25.4.2"));
        await host.Blob("drop/incoming/snapped.dcm").CreateSnapshotAsync();
        var container = host.Blobs.GetBlobContainerClient("drop");
        var append = container.GetAppendBlobClient("incoming/append.dcm");
        await append.CreateAsync();
        await append.AppendBlockAsync(new MemoryStream(Some.DicomFile(instance: "2.25.4.3")));
        await container.GetPageBlobClient("incoming/page").CreateAsync(512);
        await container.GetBlobClient("incoming/sub").UploadAsync(
            BinaryData.FromString(""), new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } });

        await host.DropAsync();

        Assert.Equal(3, Stored(host, Store));
        Assert.Equal(["drop/failed/page", "drop/failed/page.error.json", "drop/incoming/sub"], await host.BlobsAsync("drop"));
    }

    [AzuriteFact]
    public async Task A_leased_blob_is_sent_once_and_left_with_its_error_until_that_is_removed()
    {
        await using var host = await StartAsync();
        await host.PutAsync("drop/incoming/leased.dcm", Some.DicomFile(instance: "2.25.4.1"));
        await host.PutAsync("drop/incoming/leased.txt", "no DICOM"u8.ToArray());
        await host.PutAsync("drop/incoming/plain.dcm", Some.DicomFile(instance: "2.25.4.2"));
        List<BlobLeaseClient> leases = [];
        foreach (var name in new[] { "drop/incoming/leased.dcm", "drop/incoming/leased.txt" })
        {
            leases.Add(host.Blob(name).GetBlobLeaseClient());
            await leases[^1].AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration);
        }

        for (var i = 0; i < 3; i++)
            await host.DropAsync();

        Assert.Single(await host.JobsAsync());
        string[] errors = ["drop/failed/leased.dcm.error.json", "drop/failed/leased.txt.error.json"];
        Assert.Equal([.. errors, "drop/incoming/leased.dcm", "drop/incoming/leased.txt"], await host.BlobsAsync("drop"));
        var error = JsonElement.Parse(await host.ReadAsync(errors[0]));
        Assert.True(error.GetProperty("success").GetBoolean());
        Assert.Contains("leased", error.GetProperty("left").GetString(), StringComparison.Ordinal);

        foreach (var lease in leases)
            await lease.ReleaseAsync();
        foreach (var each in errors)
            await host.Blob(each).DeleteAsync();
        await host.DropAsync();
        Assert.Equal(["drop/failed/leased.txt", "drop/failed/leased.txt.error.json"], await host.BlobsAsync("drop"));
    }

    [AzuriteFact]
    public async Task A_blob_in_the_archive_tier_is_a_failed_record_left_with_its_error_and_holds_up_no_other()
    {
        await using var host = await StartAsync();
        await host.PutAsync("drop/incoming/cold.dcm", Some.DicomFile(instance: "2.25.4.1"));
        await host.PutAsync("drop/incoming/plain.dcm", Some.DicomFile(instance: "2.25.4.2"));
        await host.Blob("drop/incoming/cold.dcm").SetAccessTierAsync(AccessTier.Archive);

        for (var i = 0; i < 2; i++)
            await host.DropAsync();

        Assert.Equal(1, Stored(host, Store));
        Assert.Single(await host.JobsAsync());
        Assert.Equal(["drop/failed/cold.dcm.error.json", "drop/incoming/cold.dcm"], await host.BlobsAsync("drop"));
        var error = JsonElement.Parse(await host.ReadAsync("drop/failed/cold.dcm.error.json"));
        Assert.Equal("unreadable", error.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("archive tier", error.GetProperty("left").GetString(), StringComparison.Ordinal);
    }

    private Task<FunctionHost> StartAsync(params (string Key, string Value)[] settings) =>
        FunctionHost.StartAsync(azurite, [("Drop:Destination", Store), ("Drop:SettleTime", "00:00:00"), .. settings]);

    private static long Stored(FunctionHost host, string store) => host.Emulator.Statistics.ForStore(store).Stored;
}
