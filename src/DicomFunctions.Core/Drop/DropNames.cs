using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>Where a dropped file is on its way: the same path below <c>incoming</c>, <c>failed</c> and <c>archive</c>.</summary>
internal static class DropNames
{
    public const string Incoming = "drop/incoming/";
    public const string Failed = "drop/failed/";

    private const string Archived = "drop/archive/";
    private const string ErrorSuffix = ".error.json";

    public static string InFailed(string name) => Failed + name[Incoming.Length..];

    public static string InArchive(string name) => Archived + name[Incoming.Length..];

    /// <summary>Another name in the same folder, of a version of a file: its own is taken where it is to go, by an earlier one.</summary>
    public static string Another(string name, string? version)
    {
        var folder = name[..(name.LastIndexOf('/') + 1)];
        var hash = Hash($"{name}\n{version}");
        var another = $"{folder}{hash}-{name[folder.Length..]}";
        return ObjectName.Problem(InArchive(another)) is null ? another : folder + hash;
    }

    /// <summary>Whether a file's name is one that an error has.</summary>
    public static bool IsError(string name) => name.EndsWith(ErrorSuffix, StringComparison.Ordinal);

    /// <summary>The file that says why; its name is shortened where the file's own leaves no room.</summary>
    public static string Error(string name)
    {
        var error = InFailed(name) + ErrorSuffix;
        if (ObjectName.Problem(error) is null)
            return error;
        return Failed + Hash(name) + ErrorSuffix;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
