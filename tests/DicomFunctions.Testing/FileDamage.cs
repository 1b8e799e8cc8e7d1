using System.Text;

namespace DicomFunctions.Testing;

/// <summary>What can become of a file, whatever it was.</summary>
public static class FileDamage
{
    public const string Empty = "empty", Half = "half", Zeros = "zeros", Flipped = "flipped", FlippedWithin = "flipped within",
    Removed = "removed", Folder = "folder";

    /// <summary>Ways to damage any file.</summary>
    public static IReadOnlyList<string> Ways { get; } = [Empty, Half, Zeros, Flipped, FlippedWithin, Removed, Folder];

    /// <summary>Damages a file in one of these ways; or puts the text there that is none of them.</summary>
    public static void Do(string path, string way)
    {
        ArgumentNullException.ThrowIfNull(path);
        var content = File.ReadAllBytes(path);
        switch (way)
        {
            case Empty:
                File.WriteAllBytes(path, []);
                break;
            case Half:
                File.WriteAllBytes(path, content[..(content.Length / 2)]);
                break;
            case Zeros:
                File.WriteAllBytes(path, new byte[content.Length]);
                break;
            case Flipped:
                if (content.Length > 0)
                    content[0] ^= 1;
                File.WriteAllBytes(path, content);
                break;
            case FlippedWithin:
                // JSON may still be JSON.
                if (content.Length > 0)
                    content[content.Length / 2] ^= 1;
                File.WriteAllBytes(path, content);
                break;
            case Removed:
                File.Delete(path);
                break;
            case Folder:
                File.Delete(path);
                Directory.CreateDirectory(path);
                break;
            default:
                File.WriteAllBytes(path, Encoding.UTF8.GetBytes(way));
                break;
        }
    }
}
