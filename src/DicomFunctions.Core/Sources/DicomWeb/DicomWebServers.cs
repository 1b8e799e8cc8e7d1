using System.Collections.Concurrent;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.DicomWeb.Client;
using DicomFunctions.Core.Failures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Sources.DicomWeb;

/// <summary>
/// The servers from which instances may be uploaded: permitted stores of this host's server, and others that settings name.
/// </summary>
internal sealed class DicomWebServers(
    IDicomStoreClient stores,
    StoreAllowList allowed,
    IOptions<SourceOptions> sources,
    IOptions<DicomWebOptions> options,
    TimeProvider time,
    Random random,
    ILogger<StorePace> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Server>> _servers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a server, or returns why its sources cannot be read.</summary>
    public SourceProblem? Find(DicomWebReference reference, out IDicomStoreClient client, out DicomStorePath store)
    {
        (client, store) = (stores, reference.Store!);
        if (reference.Store is not null)
            return allowed.Allows(store) ? null : new(FailureCode.Forbidden, StoreAllowList.Refusal);
        if (!sources.Value.DicomWeb.TryGetValue(reference.Server, out var settings))
        {
            return new(
                FailureCode.BadReference,
                $"No server of that name is configured: set {SourceOptions.SectionName}:{nameof(SourceOptions.DicomWeb)}:NAME:Url.");
        }

        var server = _servers.GetOrAdd(reference.Server, name => new Lazy<Server>(() => Create(name, settings))).Value;
        (client, store) = (server.Client, server.Store);
        return null;
    }

    public void Dispose()
    {
        foreach (var server in _servers.Values.Where(server => server.IsValueCreated))
        {
            server.Value.Client.Dispose();
            server.Value.Http.Dispose();
        }
    }

    private Server Create(string name, DicomWebServerOptions settings)
    {
        var own = options.Value.For(settings.Url!, settings.PageSize);
        HttpMessageHandler connections = StoreConnections.Create(own);
        if (settings is { User: { } user, Password: { } password })
            connections = new BasicAuthorizationHandler(user, password, connections);
        IAccessTokenSource tokens = settings switch
        {
            { BearerTokenFile: { } file } => new FileTokenSource(file, time),
            { BearerToken: { } token } => new FixedTokenSource(token),
            _ => new NoTokenSource(),
        };
        var http = new HttpMessageInvoker(connections);
        // A service root has no stores: this path is not sent.
        var store = new DicomStorePath("sources", "dicomweb", "servers", name);
        return new Server(new DicomWebClient(http, tokens, Options.Create(own), time, random, logger), http, store);
    }

    private sealed record Server(DicomWebClient Client, HttpMessageInvoker Http, DicomStorePath Store);
}
