using System.Net;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Http;
using DicomFunctions.Emulator.PubSub;
using DicomFunctions.Emulator.Qido;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;
using DicomFunctions.Emulator.Stow;
using DicomFunctions.Emulator.Wado;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Emulator;

/// <summary>
/// Cloud Healthcare DICOM stores and the pull subset of Pub/Sub in this process. The paths below <c>/v1/</c> are those of
/// healthcare.googleapis.com and pubsub.googleapis.com. Disposing stops it; with a directory, the next start finds everything again.
/// </summary>
public sealed class DicomStoreEmulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly PubSubBroker _broker;
    private readonly INotificationPublisher _publisher;
    private readonly IInstanceFiles _files;

    private DicomStoreEmulator(EmulatorOptions options)
    {
        // Options are checked before anything is opened.
        var stores = options.Stores.Select(Parsed).ToArray();
        var pubSub = options is { Notifications: true, PubSubEmulatorHost: { Length: > 0 } host } ? RestPublisher.AddressOf(host) : null;
        _app = Build(options);
        Faults = new FaultInjector(options.Faults);
        _files = options.Directory is { } directory
            ? new DirectoryInstanceFiles(directory, options.FlushToDisk)
            : new MemoryInstanceFiles();
        _broker = new PubSubBroker(options.TimeProvider, options.Directory);
        _publisher = PublisherOf(options, pubSub);
        var catalog = new StoreCatalog(_files, stores, options.OnlyListedStores, _publisher.StoreCreated);
        catalog.Load();
        var guard = new RequestGuard(options.BearerToken);
        var handlers = new DicomWebHandlers(
            new SearchHandler(Faults, options.ClampLimits),
            new StowHandler(_files, _publisher, Statistics),
            new DeleteHandler(_publisher, Statistics));
        var exchange = new FaultyExchange(Faults, Statistics, options.TimeProvider);
        var dicomWeb = new DicomWebEndpoint(guard, catalog, handlers, exchange, Statistics, options.UnknownStoreStatus);
        var router = new EmulatorRouter(
            guard, dicomWeb, new PubSubEndpoint(_broker, options.PullWait), new AdminEndpoint(Faults, Statistics, catalog), Statistics);
        _app.Run(router.HandleAsync);
    }

    /// <summary>The address it listens on, with a trailing slash. Resources are at <c>{BaseAddress}v1/projects/…</c>.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>Makes requests fail on purpose.</summary>
    public FaultInjector Faults { get; }

    /// <summary>Counts of requests and instances.</summary>
    public EmulatorStatistics Statistics { get; } = new();

    /// <summary>Starts an emulator. Once this returns, it accepts requests.</summary>
    /// <exception cref="IOException">The address is in use, or the directory cannot be used, for example because another process uses
    /// it.</exception>
    /// <exception cref="FormatException">An option is malformed; the message names the expected form.</exception>
    public static async Task<DicomStoreEmulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var emulator = new DicomStoreEmulator(options);
        try
        {
            await emulator._app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await emulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var address = emulator._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        emulator.BaseAddress = new Uri(address + "/");
        return emulator;
    }

    /// <summary>Stops accepting requests, ends those in flight after a second, and gives waiting notifications a moment to leave.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
            await _app.StopAsync(patience.Token).ConfigureAwait(false);

        await _app.DisposeAsync().ConfigureAwait(false);
        await _publisher.DisposeAsync().ConfigureAwait(false);
        await _broker.DisposeAsync().ConfigureAwait(false);
        (_files as IDisposable)?.Dispose();
    }

    private static StoreName Parsed(string store) =>
        StoreName.TryParse(store, out var name)
            ? name
            : throw new FormatException($"\"{store}\" is not a store name. Use projects/P/locations/L/datasets/D/dicomStores/S.");

    private static WebApplication Build(EmulatorOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery != "/")
            throw new FormatException($"Invalid address \"{options.Url}\". Use the form http://127.0.0.1:8042.");

        var address = IPAddress.TryParse(url.Host.Trim('[', ']'), out var parsed) ? parsed
            : url.Host == "localhost" ? IPAddress.Loopback
            : throw new FormatException($"Invalid host \"{url.Host}\" in the address. Use an IP address or localhost.");
        if (!IPAddress.IsLoopback(address) && string.IsNullOrEmpty(options.BearerToken))
            throw new FormatException($"Other machines can reach \"{options.Url}\". Require a bearer token, or use a loopback address.");

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;

            // The emulator itself, not Kestrel, must answer long ids and queries.
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Listen(address, url.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder.Build();
    }

    private INotificationPublisher PublisherOf(EmulatorOptions options, Uri? pubSub)
    {
        var names = new NotificationNames(options.Topic, options.Subscription);
        return !options.Notifications ? new NoPublisher()
            : pubSub is not null ? new RestPublisher(pubSub, names, Statistics, options.TimeProvider)
            : new BrokerPublisher(_broker, names, Statistics, options.TimeProvider);
    }
}
