using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace DicomFunctions.Emulator.Storage;

/// <summary>The name of a DICOM store: <c>projects/P/locations/L/datasets/D/dicomStores/S</c>.</summary>
internal sealed record StoreName(string Project, string Location, string Dataset, string Store)
{
    private const int MaxLength = 256;
    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static readonly SearchValues<char> ProjectCharacters = SearchValues.Create(Alphanumeric + "-_.");
    private static readonly SearchValues<char> LocationCharacters = SearchValues.Create(Alphanumeric + "-_");

    /// <summary>The resource name, which is also the decoded path below <c>/v1/</c>.</summary>
    public string Path { get; } = $"projects/{Project}/locations/{Location}/datasets/{Dataset}/dicomStores/{Store}";

    /// <summary>The resource name, percent-encoded for URLs.</summary>
    public string UrlPath { get; } =
        $"projects/{Project}/locations/{Location}/datasets/{Uri.EscapeDataString(Dataset)}/dicomStores/{Uri.EscapeDataString(Store)}";

    /// <summary>Parses a resource name; false if it has another form or an invalid id.</summary>
    public static bool TryParse(ReadOnlySpan<char> path, [NotNullWhen(true)] out StoreName? name)
    {
        name = null;
        Span<Range> parts = stackalloc Range[9];
        if (path.Split(parts, '/') != 8
            || path[parts[0]] is not "projects" || path[parts[2]] is not "locations"
            || path[parts[4]] is not "datasets" || path[parts[6]] is not "dicomStores"
            || !IsProject(path[parts[1]]) || !IsOf(LocationCharacters, path[parts[3]]) || !IsId(path[parts[5]]) || !IsId(path[parts[7]]))
        {
            return false;
        }

        name = new StoreName(path[parts[1]].ToString(), path[parts[3]].ToString(), path[parts[5]].ToString(), path[parts[7]].ToString());
        return true;
    }

    /// <summary>
    /// Whether it is a valid id of a dataset or store by Google's reference, <c>[\p{L}\p{N}_\-\.]{1,256}</c> (letters and digits of any
    /// script), and can be a segment of a URL.
    /// </summary>
    public static bool IsId(ReadOnlySpan<char> id)
    {
        var length = 0;
        foreach (var rune in id.EnumerateRunes())
        {
            if (++length > MaxLength || !(Rune.IsLetter(rune) || Rune.IsNumber(rune) || rune.Value is '_' or '-' or '.'))
                return false;
        }

        return length > 0 && id is not ("." or "..");
    }

    /// <summary>Whether it is a valid project id or number. Older ids start with a domain, as in <c>example.com:project</c>.</summary>
    public static bool IsProject(ReadOnlySpan<char> id)
    {
        var colon = id.IndexOf(':');
        return colon < 0 ? IsOf(ProjectCharacters, id) : IsOf(ProjectCharacters, id[..colon]) && IsOf(ProjectCharacters, id[(colon + 1)..]);
    }

    public override string ToString() => Path;

    private static bool IsOf(SearchValues<char> characters, ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxLength && !id.ContainsAnyExcept(characters) && id is not ("." or "..");
}
