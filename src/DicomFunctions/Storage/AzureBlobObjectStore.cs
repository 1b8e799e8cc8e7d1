using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>An object store in Azure Blob Storage. An object is a block blob; the first segment of its name is the container.</summary>
/// <remarks>
/// A missing container is created on the first write. A commit can have at most 50,000 blocks; Azure deletes uncommitted blocks after a
/// week. The SDK retries calls (five attempts in all) before they fail with an <see cref="ObjectStoreException"/>.
/// </remarks>
internal sealed class AzureBlobObjectStore(BlobServiceClient service) : IObjectStore
{
    private const string Move = "move an object";

    /// <inheritdoc/>
    public async Task<ObjectProperties?> GetPropertiesAsync(string name, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        return await BlobCalls.RunAsync<ObjectProperties?>("look up an object", async () =>
        {
            try
            {
                BlobProperties there = await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                return Properties(name, there.ContentLength, there.ETag, there.LastModified);
            }
            catch (RequestFailedException exception) when (BlobCalls.IsMissing(exception))
            {
                return null;
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string name, ObjectRange range, string? ifMatch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(range.Offset);
        ArgumentOutOfRangeException.ThrowIfNegative(range.Length ?? 0);
        var blob = Blob(name);
        var options = new BlobDownloadOptions
        {
            // Azure has no empty ranges: read one byte and drop it.
            Range = range == ObjectRange.All ? default : new HttpRange(range.Offset, range.Length is 0 ? 1 : range.Length),
            Conditions = ifMatch is null ? null : new BlobRequestConditions { IfMatch = new ETag(ifMatch) },
        };
        return await BlobCalls.RunAsync<Stream?>("open an object", async () =>
        {
            try
            {
                BlobDownloadStreamingResult result = await blob.DownloadStreamingAsync(options, cancellationToken).ConfigureAwait(false);
                if (range.Length is not 0)
                    return new BlobReadStream(result.Content);
                result.Dispose();
                return Stream.Null;
            }
            catch (RequestFailedException exception) when (exception.Status == 416)
            {
                return Stream.Null;
            }
            catch (RequestFailedException exception) when (BlobCalls.IsMissing(exception))
            {
                return null;
            }
            catch (RequestFailedException exception) when (BlobCalls.IsUnmet(exception))
            {
                // The ETag does not match either if the blob does not exist.
                if (await blob.ExistsAsync(cancellationToken).ConfigureAwait(false))
                    throw;
                return null;
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties?> PutAsync(string name, Stream content, PutCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return await new BlobWriter(Blob(name), condition)
            .WriteAsync(content, cancellationToken)
            .ConfigureAwait(false) is var (info, length)
            ? Properties(name, length, info.ETag, info.LastModified)
            : null;
    }

    /// <inheritdoc/>
    public async Task StageBlockAsync(string name, BlockId block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        if (content.IsEmpty)
            throw new ArgumentException("A block must have at least one byte.", nameof(content));
        await BlobCalls.RunAsync(
            "stage a block",
            () => BlobBlocks.InContainerAsync(
                blob, () => BlobBlocks.StageAsync(blob, BlobBlocks.Encode(block), content, cancellationToken), cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CommitBlocksAsync(string name, IReadOnlyList<BlockId> blocks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var blob = Blob(name);

        // Azure looks for each block among the staged ones first, then in the committed blob, so a repeated commit finds its own blocks.
        await BlobCalls.RunAsync(
            "commit blocks",
            () => BlobBlocks.InContainerAsync(
                blob,
                () => blob.CommitBlockListAsync(blocks.Select(BlobBlocks.Encode), cancellationToken: cancellationToken),
                cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectProperties> ListAsync(string prefix, CancellationToken cancellationToken) =>
        new BlobListing(service).ObjectsAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, int? enough, CancellationToken cancellationToken) =>
        new BlobListing(service).FoldersAsync(prefix, enough, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> MoveAsync(string source, string target, string? ifMatch, CancellationToken cancellationToken)
    {
        BlockBlobClient from = Blob(BlobName.ParseListed(source)), to = Blob(target);
        return await BlobCalls.RunAsync(Move, async () =>
        {
            try
            {
                BlobProperties there = await from.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                if (ifMatch is not null && there.ETag != new ETag(ifMatch))
                    return false;
                if (source == target)
                    return true;
                // Checked before copying: a copy of a blob that cannot be deleted would be a duplicate.
                if (there.LeaseStatus == LeaseStatus.Locked)
                    throw BlobCalls.Denied(Move, BlobCalls.Leased);
                if (there.AccessTier == AccessTier.Archive.ToString())
                    throw BlobCalls.Denied(Move, BlobCalls.InArchiveTier);
                var asSeen = new BlobRequestConditions { IfMatch = there.ETag };
                await BlobBlocks.InContainerAsync(to, () => CopyAsync(from, to, asSeen, cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
                await DeleteCopiedAsync(from, to, asSeen, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (RequestFailedException exception) when (BlobCalls.IsMissing(exception))
            {
                return false;
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, string? ifMatch, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        var conditions = ifMatch is null ? null : new BlobRequestConditions { IfMatch = new ETag(ifMatch) };
        return await BlobCalls.RunAsync("delete an object", async () =>
        {
            var onlyStaged = conditions is null && await BlobBlocks.DiscardAsync(blob, cancellationToken).ConfigureAwait(false);
            return await DeleteAsync(blob, conditions, cancellationToken).ConfigureAwait(false) && !onlyStaged;
        }, cancellationToken).ConfigureAwait(false);
    }

    internal static ObjectProperties Properties(string name, long length, ETag etag, DateTimeOffset lastModified) =>
        new() { Name = name, Length = length, ETag = etag.ToString("H"), LastModified = lastModified };

    private static async Task<bool> CopyAsync(
        BlockBlobClient from, BlockBlobClient to, BlobRequestConditions asSeen, CancellationToken cancellationToken)
    {
        var options = new BlobCopyFromUriOptions { SourceConditions = asSeen };
        var copy = await to.StartCopyFromUriAsync(from.Uri, options, cancellationToken).ConfigureAwait(false);
        await copy.WaitForCompletionAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Deletes the source of a copy. If the source changed meanwhile, it stays for the next attempt, and nothing is lost. If it may not be
    /// deleted, deletes the copy.
    /// </summary>
    private static async Task DeleteCopiedAsync(
        BlockBlobClient from, BlockBlobClient to, BlobRequestConditions asSeen, CancellationToken cancellationToken)
    {
        try
        {
            await DeleteAsync(from, asSeen, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (BlobCalls.Translate(Move, exception, cancellationToken) is ObjectDeniedException)
        {
            await to.DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<bool> DeleteAsync(
        BlockBlobClient blob, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        try
        {
            return await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (BlobCalls.IsUnmet(exception))
        {
            return false;
        }
    }

    private BlockBlobClient Blob(string name) => Blob(BlobName.Parse(name));

    private BlockBlobClient Blob(BlobName name) => service.GetBlobContainerClient(name.Container).GetBlockBlobClient(name.Blob);
}
