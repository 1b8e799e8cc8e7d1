using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>Records the last commit to an object, to recognize the repetition of a commit whose answer was lost.</summary>
internal static class CommitRecord
{
    private const int MaxLength = 512;

    /// <summary>Whether the object, which now has this ETag, is the result of committing <paramref name="blocks"/>.</summary>
    public static bool Matches(string path, IReadOnlyList<BlockId> blocks, string etag)
    {
        if (FileCalls.Stat(path) is not { Kind: FileKind.Regular, Length: < MaxLength })
            return false;
        var record = FileCalls.Run("read a commit", () => File.ReadAllText(path));
        return record == Text(blocks, etag);
    }

    /// <summary>Records a commit durably before it is made. The record has no effect until the object has this ETag.</summary>
    public static void Write(StorePaths paths, string path, IReadOnlyList<BlockId> blocks, string etag, TimeProvider time)
    {
        using var file = new TempFile(paths);
        file.Write(Encoding.ASCII.GetBytes(Text(blocks, etag)));
        file.Finish(time);
        if (!file.TryPlace(path))
            throw new ObjectStoreException("The object store could not commit: its own folder is gone.");
        FileCalls.SyncDirectory(paths.Commits);
    }

    private static string Text(IReadOnlyList<BlockId> blocks, string etag)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[12];
        foreach (var block in blocks)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, block.Batch);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], block.Execution);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], block.Sequence);
            hash.AppendData(bytes);
        }

        return $"{Convert.ToHexStringLower(hash.GetHashAndReset())} {etag}\n";
    }
}
