using System.Security.Cryptography;
using Azure.Storage.Blobs;
using DicomFunctions.Testing;

namespace DicomFunctions.EndToEnd;

/// <summary>Azurite with all three services, its data in a folder of its own.</summary>
internal sealed class AzuriteServer : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly LoggedProcess _process;
    private readonly int[] _ports = Ports.Free(3);

    public AzuriteServer(string programs)
    {
        // The well-known account name, which is what the storage libraries take path-style addresses for.
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        ConnectionString = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=" + key
            + $";BlobEndpoint=http://127.0.0.1:{_ports[0]}/devstoreaccount1;QueueEndpoint=http://127.0.0.1:{_ports[1]}/devstoreaccount1"
            + $";TableEndpoint=http://127.0.0.1:{_ports[2]}/devstoreaccount1;";
        _process = new LoggedProcess(
            "node",
            [
                Path.Combine(programs, "azurite.js"), "--location", _data.Path, "--silent", "--disableTelemetry", "--skipApiVersionCheck",
                "--blobHost", "127.0.0.1", "--blobPort", $"{_ports[0]}", "--queueHost", "127.0.0.1", "--queuePort", $"{_ports[1]}",
                "--tableHost", "127.0.0.1", "--tablePort", $"{_ports[2]}",
            ],
            _data.Path,
            new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = "devstoreaccount1:" + key });
    }

    public string ConnectionString { get; }

    public string Log => _process.Log;

    public BlobContainerClient Container(string name) => new(ConnectionString, name);

    /// <summary>Waits until it answers, and makes the containers the app uses.</summary>
    public async Task StartedAsync()
    {
        foreach (var port in _ports)
            await Eventually.HoldsAsync(() => Ports.IsListeningAsync(port), "Azurite listens", TimeSpan.FromMinutes(1));
        await Container("drop").CreateIfNotExistsAsync();
        await Container("jobs").CreateIfNotExistsAsync();
    }

    public void Dispose()
    {
        _process.Dispose();
        _data.Dispose();
    }
}
