using System.Globalization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Sources.DicomWeb;

/// <summary>
/// What a <c>dicomweb:</c> source names on a server: an instance, all instances of a study or a series, or those that a search finds.
/// </summary>
internal sealed record DicomWebReference
{
    public const string Scheme = "dicomweb";

    /// <summary>The first segment of a store's path.</summary>
    public const string StoreRoot = "projects";

    private const string Forms =
        "Write dicomweb:SERVER/studies/STUDY, with /series/SERIES and /instances/INSTANCE as needed, or a search such as "
        + "dicomweb:SERVER/studies?StudyDate=20260101. SERVER is projects/…/dicomStores/STORE/dicomWeb, or a name from the settings.";

    private DicomWebReference(string server) => Server = server;

    /// <summary>The server as the reference names it.</summary>
    public string Server { get; }

    /// <summary>The store; null if <see cref="Server"/> is the name of another server.</summary>
    public DicomStorePath? Store { get; private init; }

    public string? Study { get; private init; }

    public string? Series { get; private init; }

    public string? SopInstance { get; private init; }

    /// <summary>What to search for; null if the reference names a study, a series or an instance.</summary>
    public QidoLevel? Search { get; private init; }

    /// <summary>The parameters of the search.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; private init; } = [];

    /// <summary>The most results of the search; null for all.</summary>
    public long? Limit { get; private init; }

    /// <summary>The number of results to skip.</summary>
    public long Offset { get; private init; }

    /// <summary>Whether it stands for more than one instance.</summary>
    public bool IsPattern => SopInstance is null;

    /// <summary>The same server's study, series or instance.</summary>
    public DicomWebReference At(string study, string? series = null, string? sopInstance = null) =>
        new(Server) { Store = Store, Study = study, Series = series, SopInstance = sopInstance };

    /// <summary>The reference of a study, a series or an instance.</summary>
    public override string ToString() =>
        $"{Scheme}:{Server}/studies/{Study}"
        + (Series is null ? "" : $"/series/{Series}") + (SopInstance is null ? "" : $"/instances/{SopInstance}");

    /// <summary>Parses a reference of this scheme, or returns what is wrong with it.</summary>
    public static SourceProblem? Parse(string reference, out DicomWebReference parsed)
    {
        parsed = new DicomWebReference("");
        var text = reference[(Scheme.Length + 1)..];
        var query = text.IndexOf('?', StringComparison.Ordinal);
        var path = (query < 0 ? text : text[..query]).Split('/');
        DicomStorePath? store = null;
        var rest = path[1..];
        if (path[0] == StoreRoot)
        {
            if (path.Length < 10 || path[8] != "dicomWeb")
                return Bad(Forms);
            if (!DicomStorePath.TryParse(string.Join('/', path[..8]), out store, out var problem))
                return Bad(problem);
            rest = path[9..];
        }

        if (!TryDivide(rest, out var uids, out var level) || path[0].Length == 0 || (level is null && query >= 0))
            return Bad(Forms);
        if (uids.Any(uid => !DicomUid.IsValid(uid)))
            return Bad($"An id in the path is not a UID (1 to {DicomUid.MaxLength} digits and dots).");
        if (Filters(query < 0 ? "" : text[(query + 1)..], out var parameters, out var limit, out var offset) is { } bad)
            return Bad(bad);
        parsed = new DicomWebReference(store is null ? path[0] : $"{store}/dicomWeb")
        {
            Store = store,
            Study = uids.ElementAtOrDefault(0),
            Series = uids.ElementAtOrDefault(1),
            SopInstance = uids.ElementAtOrDefault(2),
            Search = level,
            Parameters = parameters,
            Limit = limit,
            Offset = offset,
        };
        return null;
    }

    private static SourceProblem Bad(string message) => new(FailureCode.BadReference, message);

    /// <summary>Divides a path such as <c>studies/UID/series/UID/instances</c>; the level of its last segment if that is no UID.</summary>
    private static bool TryDivide(string[] path, out string[] uids, out QidoLevel? level)
    {
        uids = [.. path.Where((_, i) => i % 2 == 1)];
        level = path.Length % 2 == 0 ? null : path[^1] switch
        {
            "studies" => QidoLevel.Studies,
            "series" => QidoLevel.Series,
            _ => QidoLevel.Instances,
        };
        return path is ["studies" or "series" or "instances"]
            or ["studies", _] or ["studies", _, "series" or "instances"]
            or ["studies", _, "series", _] or ["studies", _, "series", _, "instances"]
            or ["studies", _, "series", _, "instances", _];
    }

    /// <summary>Reads the query of a search. Null, or what is wrong with it.</summary>
    private static string? Filters(string query, out List<KeyValuePair<string, string>> parameters, out long? limit, out long offset)
    {
        (parameters, limit, offset) = ([], null, 0);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                return "A filter of the search must be KEY=VALUE.";
            var (name, value) = (Uri.UnescapeDataString(part[..equals]), Uri.UnescapeDataString(part[(equals + 1)..]));
            if (name is not ("limit" or "offset"))
                parameters.Add(new(name, value));
            else if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return $"{name} must be a whole number from 0.";
            else if (name == "limit")
                limit = number;
            else
                offset = number;
        }

        return null;
    }
}
