using System.Buffers;

namespace DicomFunctions.Emulator.Storage;

/// <summary>The name of a DICOM store: <c>projects/P/locations/L/datasets/D/dicomStores/S</c>.</summary>
internal sealed record StoreName(string Project, string Location, string Dataset, string Store)
{
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>The resource name, which is also the path below <c>/v1/</c>.</summary>
    public string Path { get; } = $"projects/{Project}/locations/{Location}/datasets/{Dataset}/dicomStores/{Store}";

    /// <summary>Takes a resource name apart; false when it has another shape or an id that no resource can have.</summary>
    public static bool TryParse(ReadOnlySpan<char> path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StoreName? name)
    {
        name = null;
        Span<Range> parts = stackalloc Range[9];
        if (path.Split(parts, '/') != 8
            || path[parts[0]] is not "projects" || path[parts[2]] is not "locations"
            || path[parts[4]] is not "datasets" || path[parts[6]] is not "dicomStores"
            || !IsProject(path[parts[1]]) || !IsId(path[parts[3]]) || !IsId(path[parts[5]]) || !IsId(path[parts[7]]))
        {
            return false;
        }

        name = new StoreName(path[parts[1]].ToString(), path[parts[3]].ToString(), path[parts[5]].ToString(), path[parts[7]].ToString());
        return true;
    }

    /// <summary>Whether it can be the id of a location, dataset, store, topic or subscription.</summary>
    public static bool IsId(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= 256 && !id.ContainsAnyExcept(IdCharacters) && id is not ("." or "..");

    /// <summary>Whether it can be a project id; older ones have a domain in front, as in <c>example.com:project</c>.</summary>
    public static bool IsProject(ReadOnlySpan<char> id)
    {
        var colon = id.IndexOf(':');
        return colon < 0 ? IsId(id) : IsId(id[..colon]) && IsId(id[(colon + 1)..]);
    }

    public override string ToString() => Path;
}
