using System.Security.Cryptography;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;

namespace DicomFunctions.Integration.Azurite;

/// <summary>Retrieve jobs of the function app, into the blobs of a real Azurite.</summary>
[Collection(AzuriteBlobs.Collection)]
[Trait("Peer", "Azurite")]
public sealed class RetrieveTests(AzuriteBlobs azurite)
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    [AzuriteFact]
    public async Task What_was_uploaded_is_retrieved_byte_for_byte()
    {
        const int Files = 40;
        await using var host = await FunctionHost.StartAsync(azurite);
        var files = Enumerable.Range(0, Files)
            .Select(i => Some.DicomFile(series: $"2.25.8.{i % 2}", instance: $"2.25.9.{i}", pixelBytes: 2 * i)).ToArray();
        for (var i = 0; i < Files; i++)
            await host.PutAsync($"drop/retrieve/{i:D3}.dcm", files[i]);
        await host.EndAsync(await host.SubmitAsync("upload", new { destination = Store, inputs = new[] { "drop/retrieve/" } }));

        var study = $"{Store}/dicomWeb/studies/{Some.StudyUid}";
        var id = await host.SubmitAsync(
            "retrieve", new { retrieve_type = "instances", requests = new[] { study, study + "/series/2.25.8.1" } });

        Assert.Equal("completed", await host.EndAsync(id));
        var records = await host.RecordsAsync(id);
        Assert.All(records, record => Assert.True(record.GetProperty("success").GetBoolean()));
        Assert.Equal([Files, Files / 2], records.Select(record => record.GetProperty("result").GetArrayLength()));
        Assert.Equal(
            files.Select(Hash).Order(),
            records[0].GetProperty("result").EnumerateArray().Select(file => file.GetProperty("sha256").GetString()).Order());
        foreach (var file in records[0].GetProperty("result").EnumerateArray())
        {
            var name = file.GetProperty("name").GetString()!.Split('/', 2);
            var blob = await host.Blobs.GetBlobContainerClient(name[0]).GetBlobClient(name[1]).DownloadContentAsync();
            Assert.Equal(file.GetProperty("sha256").GetString(), Hash(blob.Value.Content.ToArray()));
        }

        var metadata = Assert.Single(await host.RecordsAsync(await EndedAsync(host, study)));
        Assert.Equal(Files, metadata.GetProperty("result").GetArrayLength());
    }

    private static string Hash(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    private static async Task<string> EndedAsync(FunctionHost host, string study)
    {
        var id = await host.SubmitAsync("retrieve", new[] { study });
        Assert.Equal("completed", await host.EndAsync(id));
        return id;
    }
}
