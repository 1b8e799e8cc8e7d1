using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.BadInput;

/// <summary>A host with small limits and an emulated store, for all tests of a class.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    public const int MaxJsonBytes = 20_000;
    public const int MaxInputBytes = 12_000;
    public const int MaxUploadBytes = 5_000;
    public const int MaxFormatBytes = 3_000;

    private readonly TempFolder _folder = new();
    private EmulatorProcess? _emulator;
    private ServeProcess? _serve;

    internal ServeProcess Serve => _serve!;

    internal EmulatorProcess Emulator => _emulator!;

    internal Uri Address => Serve.Http.BaseAddress!;

    /// <summary>The one folder <c>file:</c> sources may be read from.</summary>
    internal string Sources => _folder.Combine("sources");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Sources);
        _emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        _serve = await ServeProcess.StartAsync(
            _folder.Combine("data"),
            new Dictionary<string, string>
            {
                ["DicomFunctions__Api__MaxJsonBytes"] = $"{MaxJsonBytes}",
                ["DicomFunctions__Api__MaxUploadBytes"] = $"{MaxUploadBytes}",
                ["DicomFunctions__Api__MaxFormatBytes"] = $"{MaxFormatBytes}",
                ["DicomFunctions__Jobs__MaxInputBytes"] = $"{MaxInputBytes}",
                ["DicomFunctions__Sources__AllowedRoots__0"] = Sources,
                ["DicomFunctions__Sources__GcsBaseUrl"] = "http://127.0.0.1:1",
                ["DicomFunctions__Sources__GcsMaxAttempts"] = "1",
                ["DicomFunctions__DicomWeb__MaxAttempts"] = "2",
                ["DicomFunctions__DicomWeb__RetryDelay"] = "00:00:00.010",
            },
            "--base-url", _emulator.Url, "--store", Stores.Files);
    }

    public async Task DisposeAsync()
    {
        if (_serve is not null)
            await _serve.DisposeAsync();
        if (_emulator is not null)
            await _emulator.DisposeAsync();
        _folder.Dispose();
    }
}
