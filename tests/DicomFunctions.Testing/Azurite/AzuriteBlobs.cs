using System.Diagnostics;
using Xunit;

namespace DicomFunctions.Testing.Azurite;

/// <summary>The blob service of a real Azurite of the tests' own, from npm, with its data in a folder that goes with it.</summary>
public sealed class AzuriteBlobs : IAsyncLifetime, IDisposable
{
    /// <summary>Tests that share it; they are skipped where it can not be had, and left out by <c>--filter Peer!=Azurite</c>.</summary>
    public const string Collection = "Azurite";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly TempFolder _data = new();
    private readonly string _key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
    private Process? _process;

    /// <summary>Opens the account, as the Functions host would by connection string.</summary>
    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        // The fixture is made even where all its tests are skipped.
        if (AzuritePrograms.Folder is not { } programs)
            return;
        var port = Ports.Free();
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=tests;AccountKey={_key};BlobEndpoint=http://127.0.0.1:{port}/tests;";
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                Path.Combine(programs, "blob", "main.js"), "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--location", _data.Path,
                "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            },
            Environment = { ["AZURITE_ACCOUNTS"] = $"tests:{_key}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(() => IsListeningAsync(port), "Azurite listens", Deadline);
    }

    public Task DisposeAsync()
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        if (Directory.Exists(_data.Path))
            _data.Dispose();
    }

    private async Task<bool> IsListeningAsync(int port) =>
        await Ports.IsListeningAsync(port)
        || (_process!.HasExited ? throw new InvalidOperationException($"Azurite ended with exit code {_process.ExitCode}.") : false);
}
