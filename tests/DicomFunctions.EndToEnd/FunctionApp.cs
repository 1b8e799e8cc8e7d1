using System.Text.Json.Nodes;
using DicomFunctions.Emulator;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.EndToEnd;

/// <summary>The app, published with the real packages and run by Core Tools, between Azurite and the emulator. One for all tests.</summary>
public sealed class FunctionApp : IAsyncLifetime, IDisposable
{
    /// <summary>The tests that share it.</summary>
    public const string Collection = "The function app";

    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    private readonly TempFolder _published = new();
    private AzuriteServer? _azurite;
    private LoggedProcess? _host;
    private bool _isDisposed;

    /// <summary>The DICOM store, and what it has seen.</summary>
    public DicomStoreEmulator Emulator { get; private set; } = null!;

    /// <summary>Calls the app.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>The app's default key, which <see cref="Http"/> sends.</summary>
    public string Key { get; private set; } = "";

    /// <summary>What the host and Azurite said last.</summary>
    public string Logs => $"=== Core Tools\n{_host?.Log}\n=== Azurite\n{_azurite?.Log}";

    internal AzuriteServer Azurite => _azurite!;

    public async Task InitializeAsync()
    {
        // The fixture is made even where all its tests are skipped.
        if (Prerequisites.Missing is not null)
            return;
        Publish();
        _azurite = new AzuriteServer(Prerequisites.AzuritePrograms!);
        Emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions { Stores = [FunctionAppSettings.MainStore] });
        await _azurite.StartedAsync();
        FunctionAppSettings.Write(_published.Path, _azurite.ConnectionString, Emulator.BaseAddress);
        await StartHostAsync();
    }

    /// <summary>Starts the host on a free port, and waits until it answers.</summary>
    public async Task StartHostAsync()
    {
        var port = Ports.Free();
        _host = new LoggedProcess(
            Prerequisites.CoreTools!,
            ["start", "--no-build", "--port", $"{port}", "--verbose", "--enableAuth"],
            _published.Path,
            new Dictionary<string, string>
            {
                ["FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
            });
        Http?.Dispose();
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromMinutes(4) };
        try
        {
            await Eventually.HoldsAsync(IsHealthyAsync, "the Functions host answers GET /api/health", StartTime);
            Key = await Eventually.FoundAsync(FindKeyAsync, "the Functions host has made the app's default key", StartTime);
            Http.DefaultRequestHeaders.Add("x-functions-key", Key);
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{Logs}", exception);
        }
    }

    /// <summary>The host and its worker die without a word.</summary>
    public void KillHost() => _host!.Kill();

    public async Task DisposeAsync()
    {
        Dispose();
        if (Emulator is not null)
            await Emulator.DisposeAsync();
    }

    /// <summary>The runner calls this as well, after <see cref="DisposeAsync"/>.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Http?.Dispose();
        _host?.Dispose();
        _azurite?.Dispose();
        _published.Dispose();
    }

    /// <summary>The host keeps its keys where its jobs are. Here, outside Azure, it does not encrypt them.</summary>
    private async Task<string?> FindKeyAsync()
    {
        var keys = Azurite.Container("azure-webjobs-secrets");
        if (!await keys.ExistsAsync())
            return null;
        await foreach (var blob in keys.GetBlobsAsync())
        {
            if (blob.Name.EndsWith("/host.json", StringComparison.Ordinal))
            {
                return (string?)JsonNode.Parse(
                    (await keys.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content)!["functionKeys"]![0]!["value"];
            }
        }

        return null;
    }

    private void Publish()
    {
        var (exitCode, output, error) = Command.Run(
            "dotnet",
            [
                "publish", Path.Combine(Prerequisites.Repository, "src", "DicomFunctions"), "--configuration", "Release", "--output",
                _published.Path,
                "-p:UseContracts=false", "-p:DropTrigger=Polling", "-nodeReuse:false", "-v", "quiet",
            ],
            Prerequisites.Repository,
            TimeSpan.FromMinutes(10));
        if (exitCode != 0)
            throw new InvalidOperationException($"The function app could not be published.\n{output}\n{error}");
    }

    private async Task<bool> IsHealthyAsync()
    {
        if (_host!.HasExited)
            throw new InvalidOperationException("Core Tools ended.\n" + Logs);
        try
        {
            using var answer = await Http.GetAsync(new Uri("api/health", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
