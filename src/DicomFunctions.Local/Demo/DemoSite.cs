using System.Globalization;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Emulator;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Serve;

namespace DicomFunctions.Local.Demo;

/// <summary>An emulated store with notifications and a host that uses it, in one process.</summary>
internal sealed class DemoSite : IAsyncDisposable
{
    public static readonly DicomStorePath Store = new("demo", "here", "demo", "demo");

    private const string Subscription = "projects/demo/subscriptions/demo";

    private readonly DicomStoreEmulator _emulator;
    private readonly WebApplication _host;

    private DemoSite(string folder, DicomStoreEmulator emulator, WebApplication host) =>
        (Folder, _emulator, _host) = (folder, emulator, host);

    /// <summary>The folder that holds everything.</summary>
    public string Folder { get; }

    public string Incoming => Path.Combine(Folder, "drop", "incoming");

    public string ApiUrl => _host.Urls.First();

    public Uri EmulatorUrl => _emulator.BaseAddress;

    public IJobService Jobs => _host.Services.GetRequiredService<IJobService>();

    /// <param name="folder">Where to keep everything.</param>
    /// <param name="url">Where the API listens.</param>
    /// <param name="maxWorkers">1: files are stored in the order of their names.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<DemoSite> StartAsync(string folder, string url, int? maxWorkers, CancellationToken cancellationToken)
    {
        OwnerOnlyFiles.Begin();
        var emulator = await StartEmulatorAsync(folder, cancellationToken).ConfigureAwait(false);
        try
        {
            var host = await ServeHost.StartAsync(new Dictionary<string, string?>
            {
                [$"{LocalOptions.SectionName}:{nameof(LocalOptions.DataDirectory)}"] = folder,
                [$"{LocalOptions.SectionName}:{nameof(LocalOptions.Url)}"] = url,
                [$"{DicomWebOptions.SectionName}:{nameof(DicomWebOptions.BaseUrl)}"] = $"{emulator.BaseAddress}v1",
                [$"{AuthorizationOptions.SectionName}:{nameof(AuthorizationOptions.Mode)}"] = nameof(AuthorizationMode.None),
                [$"{DropOptions.SectionName}:{nameof(DropOptions.Destination)}"] = Store.ToString(),
                [$"{DropOptions.SectionName}:{nameof(DropOptions.MaxWorkers)}"] = maxWorkers?.ToString(CultureInfo.InvariantCulture),
                [$"{NotificationOptions.SectionName}:{nameof(NotificationOptions.Subscription)}"] = Subscription,
                [$"{NotificationOptions.SectionName}:{nameof(NotificationOptions.BaseUrl)}"] = emulator.BaseAddress.AbsoluteUri,
            }, cancellationToken).ConfigureAwait(false);
            return new DemoSite(folder, emulator, host);
        }
        catch
        {
            await emulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Uses the same address as before if it is free: unfinished jobs continue only there.</summary>
    private static async Task<DicomStoreEmulator> StartEmulatorAsync(string folder, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(folder, "emulator");
        var options = new EmulatorOptions { Directory = directory, Stores = [Store.ToString()], PubSubEmulatorHost = "" };
        var address = Path.Combine(folder, "emulator.url");
        DicomStoreEmulator? emulator = null;
        if (File.Exists(address))
        {
            var url = await File.ReadAllTextAsync(address, cancellationToken).ConfigureAwait(false);
            emulator = await TryStartAsync(options with { Url = url }, cancellationToken).ConfigureAwait(false);
        }

        emulator ??= await DicomStoreEmulator.StartAsync(options, cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(address, emulator.BaseAddress.AbsoluteUri, cancellationToken).ConfigureAwait(false);
        return emulator;
    }

    private static async Task<DicomStoreEmulator?> TryStartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await DicomStoreEmulator.StartAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or FormatException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
        await _emulator.DisposeAsync().ConfigureAwait(false);
    }
}
