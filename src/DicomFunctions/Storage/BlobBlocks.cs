using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>Blocks of a blob yet to be committed.</summary>
internal static class BlobBlocks
{
    /// <summary>The id as Azure wants it: Base64, and of one length within a blob.</summary>
    public static string Encode(BlockId block) => Convert.ToBase64String(Encoding.ASCII.GetBytes(block.ToString()));

    public static async Task<bool> StageAsync(BlockBlobClient blob, string id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var body = BlobContent.Of(content);
        await blob.StageBlockAsync(id, body, cancellationToken: cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Makes a call that writes, and once more after making the container, should that be missing.</summary>
    public static async Task<T> InContainerAsync<T>(BlockBlobClient blob, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await blob.GetParentBlobContainerClient().CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return await call().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Before a delete: drops what is staged for a blob by a commit of no blocks, since Azure itself keeps staged blocks for a week.
    /// Where nothing is staged, nothing is written.
    /// </summary>
    /// <returns>Whether there were staged blocks only, and the empty blob is one that this made.</returns>
    public static async Task<bool> DiscardAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            BlockList staged = await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (!staged.UncommittedBlocks.Any())
                return false;
            var absent = new CommitBlockListOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.CommitBlockListAsync([], absent, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException exception) when (BlobCalls.IsMissing(exception) || exception.ErrorCode == BlobErrorCode.InvalidBlobType)
        {
            return false;
        }
        catch (RequestFailedException exception) when (BlobCalls.IsUnmet(exception))
        {
            await blob.CommitBlockListAsync([], cancellationToken: cancellationToken).ConfigureAwait(false);
            return false;
        }
    }
}
