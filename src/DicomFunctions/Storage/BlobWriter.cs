using System.Buffers;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>
/// Writes a blob from a stream of any length through one buffer: in one request if it fits, otherwise in blocks that one commit makes
/// visible.
/// </summary>
/// <remarks>
/// The SDK's own upload uses block ids of another length than <see cref="BlockId"/>'s, and Azure refuses mixed lengths in a blob.
/// </remarks>
internal sealed class BlobWriter(BlockBlobClient blob, PutCondition condition)
{
    /// <summary>With Azure's maximum of 50,000 blocks, objects can have up to 195 GiB.</summary>
    public const int BlockSize = 4 * 1024 * 1024;

    private const string WriterKey = "writer";
    private const int MarksBlocksOfPut = -1;

    private readonly BlobRequestConditions? _conditions = condition switch
    {
        { IfAbsent: true } => new BlobRequestConditions { IfNoneMatch = ETag.All },
        { IfMatch: { } etag } => new BlobRequestConditions { IfMatch = new ETag(etag) },
        _ => null,
    };

    // Lets a conditional write recognize its own blob, which is in its way when it is repeated after its answer was lost.
    private readonly Dictionary<string, string> _metadata = new() { [WriterKey] = Guid.NewGuid().ToString("n") };

    /// <summary>Writes all of the content. Null if the condition was not met and nothing was written.</summary>
    public async Task<(BlobContentInfo Info, long Length)?> WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        var size = content.CanSeek ? (int)Math.Clamp(content.Length - content.Position + 1, 1, BlockSize) : BlockSize;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var filled = await content.ReadAtLeastAsync(buffer.AsMemory(0, size), size, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            var (info, length) = filled < size
                ? (await PutAsync(buffer.AsMemory(0, filled), cancellationToken).ConfigureAwait(false), filled)
                : await StageAllAsync(content, buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
            return (info, length);
        }
        catch (ObjectChangedException) when (_conditions is not null)
        {
            return await OwnAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Task<BlobContentInfo> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        RunAsync(
            async () =>
            {
                using var body = BlobContent.Of(bytes);
                var options = new BlobUploadOptions
                {
                    Conditions = _conditions,
                    Metadata = _metadata,
                    TransferOptions = new() { InitialTransferSize = BlockSize + 1, MaximumTransferSize = BlockSize + 1 },
                };
                return (await blob.UploadAsync(body, options, cancellationToken).ConfigureAwait(false)).Value;
            },
            cancellationToken);

    private async Task<(BlobContentInfo Info, long Length)> StageAllAsync(
        Stream content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var execution = (uint)Random.Shared.NextInt64(0, 1L << 32);
        var blocks = new List<string>();
        long length = 0;
        for (var filled = buffer.Length; filled > 0;)
        {
            var id = BlobBlocks.Encode(new BlockId(MarksBlocksOfPut, execution, blocks.Count));
            ReadOnlyMemory<byte> block = buffer[..filled];
            await RunAsync(() => BlobBlocks.StageAsync(blob, id, block, cancellationToken), cancellationToken).ConfigureAwait(false);
            blocks.Add(id);
            length += filled;
            filled = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
        }

        var options = new CommitBlockListOptions { Conditions = _conditions, Metadata = _metadata };
        var info = await RunAsync(
            async () => (await blob.CommitBlockListAsync(blocks, options, cancellationToken).ConfigureAwait(false)).Value,
            cancellationToken).ConfigureAwait(false);
        return (info, length);
    }

    private async Task<(BlobContentInfo Info, long Length)?> OwnAsync(CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties there = await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return there.Metadata.TryGetValue(WriterKey, out var writer) && writer == _metadata[WriterKey]
                ? (BlobsModelFactory.BlobContentInfo(there.ETag, there.LastModified, null, null, null, null, 0), there.ContentLength)
                : null;
        }
        catch (RequestFailedException exception) when (BlobCalls.IsMissing(exception))
        {
            return null;
        }
    }

    private Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) =>
        BlobCalls.RunAsync("write an object", () => BlobBlocks.InContainerAsync(blob, call, cancellationToken), cancellationToken);
}
