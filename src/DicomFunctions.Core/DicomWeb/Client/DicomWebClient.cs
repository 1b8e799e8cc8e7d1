using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Qido;
using DicomFunctions.Core.DicomWeb.Stow;
using DicomFunctions.Core.DicomWeb.Wado;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.DicomWeb.Client;

/// <summary>The default client: DICOMweb over HTTP.</summary>
internal sealed class DicomWebClient : IDicomStoreClient, IStorePaces, IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly IAccessTokenSource _tokens;
    private readonly DicomWebOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StorePace> _logger;
    private readonly DicomWebUri _uris;
    private readonly DicomWebPolicy _policy;
    private readonly ConcurrentDictionary<DicomStorePath, Store> _stores = new();
    private readonly Meter _meter = Instruments.CreateMeter();

    public DicomWebClient(
        HttpMessageInvoker http,
        IAccessTokenSource tokens,
        IOptions<DicomWebOptions> options,
        TimeProvider time,
        Random random,
        ILogger<StorePace> logger)
    {
        (_http, _tokens, _options, _time, _logger) = (http, tokens, options.Value, time, logger);
        _uris = new DicomWebUri(_options);
        _policy = new DicomWebPolicy(_options, random);
        _meter.CreateObservableUpDownCounter(
            "dicomfunctions.stores.slowed",
            () => _stores.Values.Count(store => store.Pace.IsSlowed),
            "{store}",
            "Stores to which this process holds requests back.");
        _meter.CreateObservableGauge(
            "dicomfunctions.store.pace", SlowestPace, "{request}/s", "Requests a second to the slowest of these stores.");
    }

    public ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken) =>
        new QidoSearch(Find(request.Store).Sender, _uris, _options, request, results).RunAsync(cancellationToken);

    public Task<IReadOnlyList<StowOutcome>> StoreAsync(
        DicomStorePath store, IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken)
    {
        var known = Find(store);
        return new StowTransaction(known.Sender, _uris, known.Capabilities, _options, store).RunAsync(instances, cancellationToken);
    }

    public ValueTask<RetrieveOutcome> RetrieveMetadataAsync(
        RetrieveRequest request, IDicomJsonSink results, CancellationToken cancellationToken) =>
        new MetadataRetrieval(Find(request.Store).Sender, _uris, _options, request, results).RunAsync(cancellationToken);

    public ValueTask<RetrieveOutcome> RetrieveInstancesAsync(
        RetrieveRequest request, IInstanceSink instances, CancellationToken cancellationToken) =>
        new InstancesRetrieval(Find(request.Store).Sender, _uris, request, instances).RunAsync(cancellationToken);

    public ValueTask<InstanceOpening> OpenInstanceAsync(RetrieveRequest request, CancellationToken cancellationToken) =>
        new InstanceOpener(Find(request.Store).Sender, _uris, _options, _time, request).RunAsync(cancellationToken);

    public IReadOnlyList<SlowedStore> Slowed() =>
    [
        .. from store in _stores
           let rate = store.Value.Throttle.Rate
           where rate is not null
           let name = _options.ServiceRoot?.AbsoluteUri ?? store.Key.ToString()
           orderby name
           select new SlowedStore(name, Math.Round(rate.Value, 2)),
    ];

    public void Dispose()
    {
        _meter.Dispose();
        foreach (var store in _stores.Values)
            store.Throttle.Dispose();
    }

    private Store Find(DicomStorePath path) => _stores.TryGetValue(path, out var store) ? store : _stores.GetOrAdd(path, Create);

    private Store Create(DicomStorePath path)
    {
        var pace = new StorePace(path, _logger, _time);
        var throttle = new RequestThrottle(_time, pace);
        return new Store(pace, throttle, new RequestSender(_http, _tokens, _policy, _time, throttle), new StowCapabilities());
    }

    /// <summary>No measurement while no store has a pace.</summary>
    private IEnumerable<Measurement<double>> SlowestPace() =>
        _stores.Values.Select(store => store.Pace.Rate).OfType<double>().Order().Take(1).Select(pace => new Measurement<double>(pace));

    /// <summary>What this process keeps of a store.</summary>
    private sealed record Store(StorePace Pace, RequestThrottle Throttle, RequestSender Sender, StowCapabilities Capabilities);
}
