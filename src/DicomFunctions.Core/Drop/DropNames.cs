using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>Where a dropped file is on its way: the same path below <c>incoming</c>, <c>failed</c> and <c>archive</c>.</summary>
internal static class DropNames
{
    private const string ErrorSuffix = ".error.json";
    private const string RenamedPrefix = "renamed-";
    private const int HashLength = 16;
    private const int MaxKeptLength = 60;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string InFailed(string name) => DropFolder.Failed + name[DropFolder.Incoming.Length..];

    public static string InArchive(string name) => DropFolder.Archive + name[DropFolder.Incoming.Length..];

    /// <summary>Where a file of <c>drop/failed</c> came from, by its name there.</summary>
    public static string InIncoming(string failed) => DropFolder.Incoming + failed[DropFolder.Failed.Length..];

    /// <summary>
    /// The names a file may have where it goes, in order, the same each time: its own; another beside it, of this version alone, where an
    /// earlier file has that; and, where a file has the name of one of its folders, another in each folder above. The last is in a folder
    /// named after the topmost, so that a file of one alias is never moved back to another's store.
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
    /// A name for a file in <c>drop/incoming</c> whose own no object can have: as far down the folders it is in as they can be named, and
    /// in a folder of ours if none can. A file on its way to an alias's store, or to none, is not to end up in another. A hash of its name,
    /// and of its version where that is given, tells it from others.
    /// </summary>
    public static string Nameable(string name, string? version = null)
    {
        var path = name[DropFolder.Incoming.Length..];
        var file = path[(path.LastIndexOf('/') + 1)..];
        var kept = new string([.. file.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]);
        var renamed = $"{RenamedPrefix}{Hash(version is null ? path : $"{path}\n{version}")}-{(kept.Length <= MaxKeptLength ? kept : kept[^MaxKeptLength..])}";
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

    /// <summary>Whether a file's name is one that an error has.</summary>
    public static bool IsError(string name) => name.EndsWith(ErrorSuffix, StringComparison.Ordinal);

    /// <summary>Whether an error of that name, in whatever folder, can be that of a file dropped under the name <paramref name="source"/>.</summary>
    public static bool IsErrorOf(string error, string source)
    {
        if (!IsError(error))
            return false;
        var kept = error.AsSpan(error.LastIndexOf('/') + 1)[..^ErrorSuffix.Length];
        var file = source.AsSpan(source.LastIndexOf('/') + 1);
        return kept.SequenceEqual(file)
            || kept.StartsWith(RenamedPrefix, StringComparison.Ordinal)
            || IsHash(kept)
            || (kept.Length > HashLength && IsHash(kept[..HashLength]) && kept[HashLength] == '-' && kept[(HashLength + 1)..].SequenceEqual(file));
    }

    /// <summary>The file that says why; its name is shortened where the file's own leaves no room.</summary>
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

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashLength / 2));
}
