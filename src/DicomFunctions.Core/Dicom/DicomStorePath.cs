using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// A DICOM store of the Cloud Healthcare API: <c>projects/P/locations/L/datasets/D/dicomStores/S</c>.
/// A value of this type is always valid, so it may meet a URL or a path as it is.
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

    /// <summary>Tells why these can not name a store, by the key of the first that is wrong; null when they can. Never echoes an id.</summary>
    public static string? Problem(string? projectId, string? region, string? datasetId, string? dicomStoreId) =>
        ProjectIdProblem(projectId) ?? RegionProblem(region) ?? DatasetIdProblem(datasetId) ?? DicomStoreIdProblem(dicomStoreId);

    /// <summary>Tells why <paramref name="id"/> can not be a <c>project_id</c>, or null when it can.</summary>
    public static string? ProjectIdProblem(ReadOnlySpan<char> id) =>
        Fits(id, MaxProjectLength, ProjectCharacters) && char.IsAsciiLetterOrDigit(id[0])
            ? null
            : $"project_id must be 1 to {MaxProjectLength} letters, digits, '.', '_', ':' or '-', beginning with a letter or a digit.";

    /// <summary>Tells why <paramref name="id"/> can not be a <c>region</c>, or null when it can.</summary>
    public static string? RegionProblem(ReadOnlySpan<char> id) =>
        Fits(id, MaxRegionLength, RegionCharacters) ? null : $"region must be 1 to {MaxRegionLength} letters, digits, '_' or '-'.";

    /// <summary>Tells why <paramref name="id"/> can not be a <c>dataset_id</c>, or null when it can.</summary>
    public static string? DatasetIdProblem(ReadOnlySpan<char> id) => IdProblem("dataset_id", id);

    /// <summary>Tells why <paramref name="id"/> can not be a <c>dicom_store_id</c>, or null when it can.</summary>
    public static string? DicomStoreIdProblem(ReadOnlySpan<char> id) => IdProblem("dicom_store_id", id);

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
            problem = "A store is named projects/P/locations/L/datasets/D/dicomStores/S.";
            return false;
        }

        problem = ProjectIdProblem(path[parts[1]]) ?? RegionProblem(path[parts[3]])
            ?? DatasetIdProblem(path[parts[5]]) ?? DicomStoreIdProblem(path[parts[7]]);
        if (problem is not null)
            return false;
        store = new DicomStorePath(
            path[parts[1]].ToString(), path[parts[3]].ToString(), path[parts[5]].ToString(), path[parts[7]].ToString());
        return true;
    }

    /// <summary>The path, without a slash at either end.</summary>
    public override string ToString() => $"projects/{ProjectId}/locations/{Region}/datasets/{DatasetId}/dicomStores/{DicomStoreId}";

    private static string? IdProblem(string key, ReadOnlySpan<char> id) =>
        Fits(id, MaxIdLength, IdCharacters) && id is not ("." or "..")
            ? null
            : $"{key} must be 1 to {MaxIdLength} letters, digits, '_', '.' or '-', and not '.' or '..'.";

    private static bool Fits(ReadOnlySpan<char> id, int maxLength, SearchValues<char> characters) =>
        !id.IsEmpty && id.Length <= maxLength && !id.ContainsAnyExcept(characters);
}
