using System.Text;

namespace DicomFunctions.Emulator.Storage;

/// <summary>
/// The folder of a store below the root, one level for each id. An id of 256 characters of any script can be longer than a file name may
/// be: it continues in a folder below, and the name of the first one ends with <c>+</c>, which no id can contain.
/// </summary>
internal static class StoreFolder
{
    private const int MaxBytes = 200;

    public static string Of(StoreName store) => Path.Combine(
    [
        .. Parts(store.Project.Replace(":", "%3A", StringComparison.Ordinal)),
        .. Parts(store.Location),
        .. Parts(store.Dataset),
        .. Parts(store.Store),
    ]);

    /// <summary>The store that a folder belongs to, or null if it is not a store's.</summary>
    public static StoreName? Parse(ReadOnlySpan<string> folders)
    {
        List<string> ids = [];
        var begun = "";
        foreach (var folder in folders)
        {
            if (folder.EndsWith('+'))
            {
                begun += folder[..^1];
            }
            else
            {
                ids.Add(begun + folder);
                begun = "";
            }
        }

        if (begun.Length > 0 || ids is not [var encoded, var location, var dataset, var store])
            return null;

        var project = encoded.Replace("%3A", ":", StringComparison.Ordinal);
        var path = $"projects/{project}/locations/{location}/datasets/{dataset}/dicomStores/{store}";
        return StoreName.TryParse(path, out var name) ? name : null;
    }

    private static IEnumerable<string> Parts(string id)
    {
        var part = new StringBuilder();
        var bytes = 0;
        foreach (var rune in id.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MaxBytes)
            {
                yield return part.Append('+').ToString();
                (part, bytes) = (new StringBuilder(), 0);
            }

            part.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }

        yield return part.ToString();
    }
}
