using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// A DICOM store of the Cloud Healthcare API: <c>projects/P/locations/L/datasets/D/dicomStores/S</c>.
/// Always valid. The ids of datasets and stores may have letters and digits of any script; use <see cref="ToUriPath"/> for URLs.
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

    /// <summary>Creates the path of a store.</summary>
    /// <exception cref="ArgumentException">An id is not valid. The message says which and why, but does not repeat it.</exception>
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

    /// <summary>Why the ids cannot name a store, naming the key of the first invalid one; null if they can. Repeats no id.</summary>
    public static string? Problem(string? projectId, string? region, string? datasetId, string? dicomStoreId) =>
        Problem(Keys, projectId, region, datasetId, dicomStoreId);

    /// <summary>Which part of a path is not a valid id, and why; null if all are valid. Repeats no id.</summary>
    /// <param name="path">A path with the literals of <see cref="ToString"/>.</param>
    /// <param name="parts">The parts between its slashes.</param>
    internal static string? Problem(ReadOnlySpan<char> path, ReadOnlySpan<Range> parts) =>
        Problem(Parts, path[parts[1]], path[parts[3]], path[parts[5]], path[parts[7]]);

    /// <summary>Why the project in a path is not a valid id; null if it is. Does not repeat it.</summary>
    internal static string? ProjectProblem(ReadOnlySpan<char> id) => ProjectProblem(id, Parts.Project);

    /// <summary>Parses a path as <see cref="ToString"/> writes it. The literals are case-sensitive.</summary>
    public static bool TryParse(ReadOnlySpan<char> path, [NotNullWhen(true)] out DicomStorePath? store) =>
        TryParse(path, out store, out _);

    /// <summary>Parses a path as <see cref="ToString"/> writes it, or returns why it is invalid, without repeating it.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> path, [NotNullWhen(true)] out DicomStorePath? store, [NotNullWhen(false)] out string? problem)
    {
        store = null;
        Span<Range> parts = stackalloc Range[9];
        if (path.Split(parts, '/') != 8
            || path[parts[0]] is not "projects" || path[parts[2]] is not "locations"
            || path[parts[4]] is not "datasets" || path[parts[6]] is not "dicomStores")
        {
            problem = "The path of a store must be projects/PROJECT/locations/LOCATION/datasets/DATASET/dicomStores/STORE.";
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

    /// <summary>The path for a URL: like <see cref="ToString"/>, with non-ASCII characters percent-encoded (RFC 3986 §2.1).</summary>
    internal string ToUriPath() =>
        $"projects/{ProjectId}/locations/{Region}/datasets/{Uri.EscapeDataString(DatasetId)}"
        + $"/dicomStores/{Uri.EscapeDataString(DicomStoreId)}";

    private static string? Problem(
        PartNames names, ReadOnlySpan<char> projectId, ReadOnlySpan<char> region, ReadOnlySpan<char> datasetId,
        ReadOnlySpan<char> dicomStoreId)
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
    /// Combining marks are not allowed, and ids are never normalized.
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
            // Half of a surrogate pair reads as U+FFFD, which is neither a letter nor a number.
            if (!Rune.IsLetter(rune) && !Rune.IsNumber(rune) && rune.Value is not ('_' or '.' or '-'))
                return false;
            length++;
        }

        return length <= MaxIdLength;
    }

    /// <summary>The names of a path's parts in messages.</summary>
    private sealed record PartNames(string Project, string Location, string Dataset, string Store);
}
