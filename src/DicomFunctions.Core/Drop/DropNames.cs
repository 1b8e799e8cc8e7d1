using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>The names of a dropped file and its error: the same path below <c>incoming</c>, <c>failed</c> and <c>archive</c>.</summary>
internal static class DropNames
{
    private const string ErrorSuffix = ".error.json";
    private const string RenamedPrefix = "renamed-";
    private const int HashLength = 16;
    private const int MaxKeptLength = 60;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string InFailed(string name) => DropFolder.Failed + name[DropFolder.Incoming.Length..];

    public static string InArchive(string name) => DropFolder.Archive + name[DropFolder.Incoming.Length..];

    /// <summary>The name in <c>drop/incoming</c> of a file in <c>drop/failed</c>.</summary>
    public static string InIncoming(string failed) => DropFolder.Incoming + failed[DropFolder.Failed.Length..];

    /// <summary>
    /// The names that a file may be moved to, always in the same order: its own; if an earlier file has that, one beside it that is unique
    /// to this version; and if a file has the name of one of its folders, one in each folder above. The last is in a folder named after the
    /// topmost, so that a file of one alias is never moved back to another alias's store.
    /// </summary>
    public static IEnumerable<string> Candidates(string name, string? version)
    {
        yield return name;
        var hash = Hash($"{name}\n{version}");
        var file = name[(name.LastIndexOf('/') + 1)..];
        for (var slash = name.LastIndexOf('/'); slash >= DropFolder.Incoming.Length; slash = name.LastIndexOf('/', slash - 1))
            yield return Named(name[..(slash + 1)], hash, file);
        var first = name.IndexOf('/', DropFolder.Incoming.Length);
        yield return first < 0
            ? Named(DropFolder.Incoming, hash, file)
            : Named(Named(DropFolder.Incoming, Hash(name[..first]), name[DropFolder.Incoming.Length..first]) + "/", hash, file);
    }

    /// <summary>
    /// A valid name for a file in <c>drop/incoming</c> whose own name no object can have: in the deepest of its folders with a valid name,
    /// or in a new folder if there is none, so that a file for one alias never goes to another's store. A hash of its name, and of its
    /// version if given, makes it unique.
    /// </summary>
    public static string Nameable(string name, string? version = null)
    {
        var path = name[DropFolder.Incoming.Length..];
        var file = path[(path.LastIndexOf('/') + 1)..];
        var kept = new string([.. file.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]);
        var shortened = kept.Length <= MaxKeptLength ? kept : kept[^MaxKeptLength..];
        var renamed = $"{RenamedPrefix}{Hash(version is null ? path : $"{path}\n{version}")}-{shortened}";
        var slash = path.LastIndexOf('/');
        if (slash < 0)
            return DropFolder.Incoming + renamed;
        for (; slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if ($"{DropFolder.Incoming}{path.AsSpan(0, slash)}/{renamed}" is var inPlace && ObjectName.Problem(inPlace) is null)
                return inPlace;
        }

        return $"{DropFolder.Incoming}{RenamedPrefix}{Hash(path[..path.IndexOf('/')])}/{renamed}";
    }

    /// <summary>Whether a name is that of an error.</summary>
    public static bool IsError(string name) => name.EndsWith(ErrorSuffix, StringComparison.Ordinal);

    /// <summary>Whether an error of that name, in any folder, can belong to a file dropped as <paramref name="source"/>.</summary>
    public static bool IsErrorOf(string error, string source)
    {
        if (!IsError(error))
            return false;
        var kept = error.AsSpan(error.LastIndexOf('/') + 1)[..^ErrorSuffix.Length];
        var file = source.AsSpan(source.LastIndexOf('/') + 1);
        return kept.SequenceEqual(file)
            || kept.StartsWith(RenamedPrefix, StringComparison.Ordinal)
            || IsHash(kept)
            || (kept.Length > HashLength
                && IsHash(kept[..HashLength]) && kept[HashLength] == '-' && kept[(HashLength + 1)..].SequenceEqual(file));
    }

    /// <summary>The name of a file's error, shortened if the file's name leaves no room.</summary>
    public static string Error(string name)
    {
        var error = InFailed(name) + ErrorSuffix;
        if (ObjectName.Problem(error) is null)
            return error;
        return DropFolder.Failed + Hash(name) + ErrorSuffix;
    }

    private static string Named(string folder, string hash, string file) =>
        ObjectName.Problem(InArchive($"{folder}{hash}-{file}")) is null ? $"{folder}{hash}-{file}" : folder + hash;

    private static bool IsHash(ReadOnlySpan<char> text) => text.Length == HashLength && !text.ContainsAnyExcept(HexDigits);

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashLength / 2));
}
