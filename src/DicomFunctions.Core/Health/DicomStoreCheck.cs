using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Drop;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Health;

/// <summary>
/// Whether this host's credentials allow searches in the DICOM stores that the settings name; if they name none, whether there are
/// credentials.
/// </summary>
internal sealed class DicomStoreCheck(
    IDicomStoreClient client, IAccessTokenSource tokens, IOptions<DicomWebOptions> server, IOptions<DropOptions> drop) : IHealthCheck
{
    private const int MostStores = 10;

    /// <summary>Stands for the store of a server that has no store paths.</summary>
    private static readonly DicomStorePath Any = new("local", "local", "local", "local");

    public string Name => "dicom_stores";

    public bool IsDeep => true;

    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        var stores = Stores();
        if (stores.Count == 0)
            return await FindTokenProblemAsync(cancellationToken).ConfigureAwait(false);
        var problems = await Task.WhenAll(stores.Select(store => FindProblemAsync(store, cancellationToken))).ConfigureAwait(false);
        return problems.Any(problem => problem is not null) ? string.Join(' ', problems.Where(problem => problem is not null)) : null;
    }

    private List<DicomStorePath> Stores()
    {
        if (server.Value.ServiceRoot is not null)
            return [Any];
        List<DicomStorePath> stores = [];
        foreach (var path
            in drop.Value.Aliases.Values.Prepend(drop.Value.Destination).Concat(server.Value.AllowedStores).Distinct().Take(MostStores))
        {
            if (DicomStorePath.TryParse(path, out var store))
                stores.Add(store);
        }

        return stores;
    }

    private async Task<string?> FindProblemAsync(DicomStorePath store, CancellationToken cancellationToken)
    {
        var request = new QidoRequest { Store = store, Level = QidoLevel.Studies, Limit = 1 };
        var outcome = await client.SearchAsync(request, Nowhere.Instance, cancellationToken).ConfigureAwait(false);
        if (outcome.Success)
            return null;
        var name = server.Value.ServiceRoot is null ? store.ToString() : "The DICOMweb server";
        return $"{name}: {outcome.Status}. " + outcome.Status.Code switch
        {
            401 => "Check this host's credentials: the server refused them.",
            403 => "Not permitted: grant this host's account roles/healthcare.dicomEditor.",
            404 => "No such store: check its path and the server's address.",
            _ => "Check the server's address and the network.",
        };
    }

    private async Task<string?> FindTokenProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tokens.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (AccessTokenException)
        {
            return "Could not obtain an access token: check this host's credentials.";
        }
    }

    /// <summary>Discards the rows: only the outcome matters.</summary>
    private sealed class Nowhere : IDicomJsonSink
    {
        public static readonly Nowhere Instance = new();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
