using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Peers;

/// <summary>
/// Orthanc with its DICOMweb plugin (Debian: orthanc, orthanc-dicomweb), its DICOMweb root set to a store's path, so that it is reached
/// as Google is.
/// </summary>
internal sealed class OrthancServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/Orthanc";
    private const string Plugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

    public static readonly DicomStorePath Store = new("p", "l", "d", "s");

    private readonly PeerProcess _process;
    private readonly TempFolder _folder;

    private OrthancServer(PeerProcess process, TempFolder folder, int port) =>
        (_process, _folder, BaseUrl) = (process, folder, $"http://127.0.0.1:{port}/v1");

    /// <summary>Why its tests are skipped; null when it is installed.</summary>
    public static string? Missing => File.Exists(Program) && File.Exists(Plugin)
        ? null
        : "Orthanc with DICOMweb is not installed (apt-get install --no-install-recommends orthanc orthanc-dicomweb).";

    public string BaseUrl { get; }

    public static async Task<OrthancServer> StartAsync()
    {
        var ports = Ports.Free(2);
        var (http, dicom) = (ports[0], ports[1]);
        var folder = new TempFolder();
        var configuration = folder.Combine("orthanc.json");
        await File.WriteAllTextAsync(configuration, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["HttpPort"] = http,
            ["DicomPort"] = dicom,
            ["StorageDirectory"] = folder.Combine("storage"),
            ["IndexDirectory"] = folder.Combine("index"),
            ["Plugins"] = new[] { Plugin },
            ["RemoteAccessAllowed"] = false,
            ["AuthenticationEnabled"] = false,
            ["DicomWeb"] = new Dictionary<string, object> { ["Enable"] = true, ["Root"] = $"/v1/{Store}/dicomWeb/" },
        }));
        var process = PeerProcess.Start(Program, configuration);
        await process.AnswersAsync($"http://127.0.0.1:{http}/system");
        return new OrthancServer(process, folder, http);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
