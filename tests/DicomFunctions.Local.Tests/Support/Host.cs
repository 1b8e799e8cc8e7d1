using System.Text;
using DicomFunctions.Emulator;
using DicomFunctions.Local.Cli;
using DicomFunctions.Local.Serve;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Builder;

namespace DicomFunctions.Local.Tests.Support;

/// <summary>An emulated DICOM store and, for the tests that need one, a host that serves the jobs of a data directory.</summary>
internal sealed class Host : IAsyncDisposable
{
    public const string Key = "0123456789abcdef-secret";
    public const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    private readonly TempFolder _folder = new();
    private readonly DicomStoreEmulator _emulator;
    private WebApplication? _app;

    private Host(DicomStoreEmulator emulator) => _emulator = emulator;

    public string Data => _folder.Combine("data");

    public Uri Server => new(_app!.Urls.Single());

    public Dictionary<string, string?> Settings => new()
    {
        ["DicomFunctions:Local:DataDirectory"] = Data,
        [CommonOptions.BaseUrlKey] = $"{_emulator.BaseAddress}v1",
        ["DicomFunctions:Authorization:Mode"] = "None",
        ["DicomFunctions:Sources:AllowedRoots:0"] = "/",
    };

    public static async Task<Host> StartAsync() => new(await DicomStoreEmulator.StartAsync(new EmulatorOptions()));

    /// <summary>The same, with a host that serves.</summary>
    public static async Task<Host> ServeAsync()
    {
        var host = await StartAsync();
        var settings = host.Settings;
        settings["DicomFunctions:Local:Url"] = "http://127.0.0.1:0";
        settings["DicomFunctions:Local:ApiKey"] = Key;
        host._app = await ServeHost.StartAsync(settings, CancellationToken.None);
        return host;
    }

    /// <summary>Writes a file, and returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        var path = _folder.Combine(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Writes a file with a key, and returns its path.</summary>
    public string WriteKey(string key) => Write("key", Encoding.UTF8.GetBytes(key + "\n"));

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }
}
