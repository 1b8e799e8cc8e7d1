using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>Uncommitted blocks of a blob.</summary>
internal static class BlobBlocks
{
    /// <summary>The id in the form that Azure requires: Base64, with the same length for all blocks of a blob.</summary>
    public static string Encode(BlockId block) => Convert.ToBase64String(Encoding.ASCII.GetBytes(block.ToString()));

    public static async Task<bool> StageAsync(
        BlockBlobClient blob, string id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var body = BlobContent.Of(content);
        await blob.StageBlockAsync(id, body, cancellationToken: cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Makes a call that writes. If the container is missing, creates it and repeats the call.</summary>
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
    /// Discards the staged blocks of a blob before it is deleted, by committing an empty list, since Azure itself keeps them for a week.
    /// Writes nothing if no block is staged.
    /// </summary>
    /// <returns>Whether only staged blocks existed, so that the blob, now empty, was created by this call.</returns>
    public static async Task<bool> DiscardAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            BlockList staged = await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            if (!staged.UncommittedBlocks.Any())
                return false;
            var absent = new CommitBlockListOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.CommitBlockListAsync([], absent, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException exception)
            when (BlobCalls.IsMissing(exception) || exception.ErrorCode == BlobErrorCode.InvalidBlobType)
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
