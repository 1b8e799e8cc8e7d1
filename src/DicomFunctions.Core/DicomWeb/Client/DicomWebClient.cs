using System.Collections.Concurrent;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Http;
using DicomFunctions.Core.DicomWeb.Qido;
using DicomFunctions.Core.DicomWeb.Stow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.DicomWeb.Client;

/// <summary>The default client: DICOMweb over HTTP.</summary>
internal sealed class DicomWebClient(DicomWebSender sender, IOptions<DicomWebOptions> options) : IDicomStoreClient
{
    private readonly DicomWebUri _uris = new(options.Value);
    private readonly ConcurrentDictionary<DicomStorePath, StowCapabilities> _capabilities = new();

    public ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken) =>
        new QidoSearch(sender, _uris, options.Value, request, results).RunAsync(cancellationToken);

    public Task<IReadOnlyList<StowOutcome>> StoreAsync(
        DicomStorePath store, IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken) =>
        new StowTransaction(sender, _uris, _capabilities.GetOrAdd(store, static _ => new StowCapabilities()), options.Value, store)
            .RunAsync(instances, cancellationToken);
}
