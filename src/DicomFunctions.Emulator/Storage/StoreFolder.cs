using System.Text;

namespace DicomFunctions.Emulator.Storage;

/// <summary>
/// The folder of a store below the root, a folder for each id. An id that is longer than a file system's names, which it can be with 256
/// characters of any script, goes on in a folder below: the first one's name ends with a <c>+</c>, which no id can have.
/// </summary>
internal static class StoreFolder
{
    private const int MaxBytes = 200;

    public static string Of(StoreName store) => Path.Combine(
        [.. Parts(store.Project.Replace(":", "%3A", StringComparison.Ordinal)), .. Parts(store.Location), .. Parts(store.Dataset), .. Parts(store.Store)]);

    /// <summary>The store of a folder, or null for a folder that is none's.</summary>
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

        return begun.Length == 0 && ids is [var project, var location, var dataset, var store]
            && StoreName.TryParse(
                $"projects/{project.Replace("%3A", ":", StringComparison.Ordinal)}/locations/{location}/datasets/{dataset}/dicomStores/{store}", out var name)
            ? name
            : null;
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
