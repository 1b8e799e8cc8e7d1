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

    /// <summary>Whether a file's name is one that an error has.</summary>
    public static bool IsError(string name) => name.EndsWith(ErrorSuffix, StringComparison.Ordinal);

    /// <summary>The file that says why; its name is shortened where the file's own leaves no room.</summary>
    public static string Error(string name)
    {
        var error = InFailed(name) + ErrorSuffix;
        if (ObjectName.Problem(error) is null)
            return error;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
        return Failed + hash + ErrorSuffix;
    }
}
