using System.Text.Json;
using DicomFunctions.Integration.Peers;

namespace DicomFunctions.Integration.Oracles;

/// <summary>What Orthanc reads out of a file, one at a time: it is removed again.</summary>
internal sealed class OrthancReader : IAsyncDisposable
{
    private readonly OrthancServer _server;
    private readonly HttpClient _http;

    private OrthancReader(OrthancServer server) =>
        (_server, _http) = (server, new HttpClient
        {
            BaseAddress = new Uri(new Uri(server.BaseUrl), "/"),
            DefaultRequestHeaders = { ConnectionClose = true },
        });

    public static async Task<OrthancReader> StartAsync() => new(await OrthancServer.StartAsync());

    /// <summary>The data set as DICOM JSON, or null for a file that Orthanc does not take.</summary>
    public async Task<JsonElement?> ReadAsync(byte[] file)
    {
        var metadata = await new MetadataClient($"{_server.BaseUrl}/{OrthancServer.Store}/dicomWeb").ReadAsync(file);
        using var instances = JsonDocument.Parse(await _http.GetStringAsync(new Uri("instances", UriKind.Relative)));
        foreach (var id in instances.RootElement.EnumerateArray())
        {
            using var deleted = await _http.DeleteAsync(new Uri($"instances/{id}", UriKind.Relative));
            deleted.EnsureSuccessStatusCode();
        }

        return metadata;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }
}
