using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// A DICOM store of the Cloud Healthcare API: <c>projects/P/locations/L/datasets/D/dicomStores/S</c>.
/// A value of this type is always valid. Datasets and stores may have letters and digits of any script: <see cref="ToUriPath"/> is for URLs.
/// </summary>
public sealed record DicomStorePath
{
    private const int MaxProjectLength = 128;
    private const int MaxRegionLength = 64;
    private const int MaxIdLength = 256;

    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> ProjectCharacters = SearchValues.Create(Alphanumeric + "._:-");
    private static readonly SearchValues<char> RegionCharacters = SearchValues.Create(Alphanumeric + "_-");
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(Alphanumeric + "_.-");

    private static readonly PartNames Keys = new("project_id", "region", "dataset_id", "dicom_store_id");
    private static readonly PartNames Parts = new("The project", "The location", "The dataset", "The store");

    /// <summary>Names a store.</summary>
    /// <exception cref="ArgumentException">An id is not valid; the message says which and why, without the id.</exception>
    public DicomStorePath(string projectId, string region, string datasetId, string dicomStoreId)
    {
        if (Problem(projectId, region, datasetId, dicomStoreId) is { } problem)
            throw new ArgumentException(problem);
        ProjectId = projectId;
        Region = region;
        DatasetId = datasetId;
        DicomStoreId = dicomStoreId;
    }

    /// <summary>The Google Cloud project; may be domain-scoped (<c>example.com:name</c>).</summary>
    public string ProjectId { get; }

    /// <summary>The location of the dataset, such as <c>europe-west4</c>.</summary>
    public string Region { get; }

    /// <summary>The dataset.</summary>
    public string DatasetId { get; }

    /// <summary>The DICOM store.</summary>
    public string DicomStoreId { get; }

    /// <summary>Tells why these cannot name a store, by the key of the first that is wrong; null when they can. Never echoes an id.</summary>
    public static string? Problem(string? projectId, string? region, string? datasetId, string? dicomStoreId) =>
        Problem(Keys, projectId, region, datasetId, dicomStoreId);

    /// <summary>Tells which part of a path is not a valid id, and why; null when all are. Never echoes an id.</summary>
    /// <param name="path">A path with the literals of <see cref="ToString"/>.</param>
    /// <param name="parts">Its parts between slashes.</param>
    internal static string? Problem(ReadOnlySpan<char> path, ReadOnlySpan<Range> parts) =>
        Problem(Parts, path[parts[1]], path[parts[3]], path[parts[5]], path[parts[7]]);

    /// <summary>Tells why a path's project is not a valid id; null when it is. Never echoes it.</summary>
    internal static string? ProjectProblem(ReadOnlySpan<char> id) => ProjectProblem(id, Parts.Project);

    /// <summary>Reads a path as <see cref="ToString"/> writes it: these literals, in this case, and nothing before or after.</summary>
    public static bool TryParse(ReadOnlySpan<char> path, [NotNullWhen(true)] out DicomStorePath? store) =>
        TryParse(path, out store, out _);

    /// <summary>Reads a path as <see cref="ToString"/> writes it, or tells why it is none; never echoes it.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> path, [NotNullWhen(true)] out DicomStorePath? store, [NotNullWhen(false)] out string? problem)
    {
        store = null;
        Span<Range> parts = stackalloc Range[9];
        if (path.Split(parts, '/') != 8
            || path[parts[0]] is not "projects" || path[parts[2]] is not "locations"
            || path[parts[4]] is not "datasets" || path[parts[6]] is not "dicomStores")
        {
            problem = "The path of a store is projects/PROJECT/locations/LOCATION/datasets/DATASET/dicomStores/STORE.";
            return false;
        }

        problem = Problem(path, parts);
        if (problem is not null)
            return false;
        store = new DicomStorePath(
            path[parts[1]].ToString(), path[parts[3]].ToString(), path[parts[5]].ToString(), path[parts[7]].ToString());
        return true;
    }

    /// <summary>The path, without a slash at either end.</summary>
    public override string ToString() => $"projects/{ProjectId}/locations/{Region}/datasets/{DatasetId}/dicomStores/{DicomStoreId}";

    /// <summary>The path as a URL has it: what is not ASCII, as percent-encoded UTF-8 (RFC 3986 §2.1). Otherwise <see cref="ToString"/>.</summary>
    internal string ToUriPath() =>
        $"projects/{ProjectId}/locations/{Region}/datasets/{Uri.EscapeDataString(DatasetId)}/dicomStores/{Uri.EscapeDataString(DicomStoreId)}";

    private static string? Problem(
        PartNames names, ReadOnlySpan<char> projectId, ReadOnlySpan<char> region, ReadOnlySpan<char> datasetId, ReadOnlySpan<char> dicomStoreId)
    {
        var isRegion = Fits(region, MaxRegionLength, RegionCharacters);
        return ProjectProblem(projectId, names.Project)
            ?? (isRegion ? null : $"{names.Location} must be 1 to {MaxRegionLength} letters, digits, '_' or '-'.")
            ?? IdProblem(names.Dataset, datasetId)
            ?? IdProblem(names.Store, dicomStoreId);
    }

    private static string? ProjectProblem(ReadOnlySpan<char> id, string name) =>
        Fits(id, MaxProjectLength, ProjectCharacters) && char.IsAsciiLetterOrDigit(id[0])
            ? null
            : $"{name} must be 1 to {MaxProjectLength} letters, digits, '.', '_', ':' or '-', beginning with a letter or a digit.";

    private static string? IdProblem(string name, ReadOnlySpan<char> id) => IsId(id)
        ? null
        : $"{name} must be 1 to {MaxIdLength} letters and digits of any script, '_', '.' or '-', and not '.' or '..'.";

    private static bool Fits(ReadOnlySpan<char> id, int maxLength, SearchValues<char> characters) =>
        !id.IsEmpty && id.Length <= maxLength && !id.ContainsAnyExcept(characters);

    /// <summary>
    /// Google's <c>[\p{L}\p{N}_\-\.]{1,256}</c>
    /// (https://cloud.google.com/healthcare-api/docs/reference/rest/v1/projects.locations.datasets/create), which counts code points.
    /// Combining marks are not in it, and an id is never normalized.
    /// </summary>
    private static bool IsId(ReadOnlySpan<char> id)
    {
        if (id is "." or "..")
            return false;
        if (Fits(id, MaxIdLength, IdCharacters))
            return true;
        if (id.IsEmpty || id.Length > 2 * MaxIdLength)
            return false;
        var length = 0;
        foreach (var rune in id.EnumerateRunes())
        {
            // Half of a surrogate pair reads as U+FFFD, which is neither.
            if (!Rune.IsLetter(rune) && !Rune.IsNumber(rune) && rune.Value is not ('_' or '.' or '-'))
                return false;
            length++;
        }

        return length <= MaxIdLength;
    }

    /// <summary>What the parts of a store's name are called in messages.</summary>
    private sealed record PartNames(string Project, string Location, string Dataset, string Store);
}
