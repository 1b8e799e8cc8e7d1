using System.Collections.Concurrent;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Qido;
using DicomFunctions.Core.DicomWeb.Stow;
using DicomFunctions.Core.DicomWeb.Wado;
using DicomFunctions.Core.Net;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.DicomWeb.Client;

/// <summary>The default client: DICOMweb over HTTP.</summary>
internal sealed class DicomWebClient(
    HttpMessageInvoker http, IAccessTokenSource tokens, IOptions<DicomWebOptions> options, TimeProvider time, Random random)
    : IDicomStoreClient, IStorePaces, IDisposable
{
    private readonly DicomWebUri _uris = new(options.Value);
    private readonly DicomWebPolicy _policy = new(options.Value, random);
    private readonly ConcurrentDictionary<DicomStorePath, Store> _stores = new();

    public ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken) =>
        new QidoSearch(Find(request.Store).Sender, _uris, options.Value, request, results).RunAsync(cancellationToken);

    public Task<IReadOnlyList<StowOutcome>> StoreAsync(
        DicomStorePath store, IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken)
    {
        var known = Find(store);
        return new StowTransaction(known.Sender, _uris, known.Capabilities, options.Value, store).RunAsync(instances, cancellationToken);
    }

    public ValueTask<RetrieveOutcome> RetrieveMetadataAsync(
        RetrieveRequest request, IDicomJsonSink results, CancellationToken cancellationToken) =>
        new MetadataRetrieval(Find(request.Store).Sender, _uris, options.Value, request, results).RunAsync(cancellationToken);

    public ValueTask<RetrieveOutcome> RetrieveInstancesAsync(
        RetrieveRequest request, IInstanceSink instances, CancellationToken cancellationToken) =>
        new InstancesRetrieval(Find(request.Store).Sender, _uris, request, instances).RunAsync(cancellationToken);

    public ValueTask<InstanceOpening> OpenInstanceAsync(RetrieveRequest request, CancellationToken cancellationToken) =>
        new InstanceOpener(Find(request.Store).Sender, _uris, options.Value, time, request).RunAsync(cancellationToken);

    public IReadOnlyList<StorePace> Slowed() =>
    [
        .. from store in _stores
           let rate = store.Value.Throttle.Rate
           where rate is not null
           let name = options.Value.ServiceRoot?.AbsoluteUri ?? store.Key.ToString()
           orderby name
           select new StorePace(name, Math.Round(rate.Value, 2)),
    ];

    public void Dispose()
    {
        foreach (var store in _stores.Values)
            store.Throttle.Dispose();
    }

    private Store Find(DicomStorePath path) => _stores.TryGetValue(path, out var store) ? store : _stores.GetOrAdd(path, Create());

    private Store Create()
    {
        var throttle = new RequestThrottle(time);
        return new Store(throttle, new RequestSender(http, tokens, _policy, time, throttle), new StowCapabilities());
    }

    /// <summary>What this process keeps of a store.</summary>
    private sealed record Store(RequestThrottle Throttle, RequestSender Sender, StowCapabilities Capabilities);
}
