using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>Lists blobs and folders page by page.</summary>
internal sealed class BlobListing(BlobServiceClient service)
{
    private const string What = "list objects";

    /// <summary>Every blob whose name, including the container, starts with the prefix, ordered by name.</summary>
    public async IAsyncEnumerable<ObjectProperties> ObjectsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!BlobName.TryParsePrefix(prefix, out var container, out var blobPrefix))
        {
            foreach (var each in await ContainersAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                await foreach (var found in InAsync(each, "", cancellationToken).ConfigureAwait(false))
                    yield return found;
            }
        }
        else if (BlobName.IsContainer(container))
        {
            await foreach (var found in InAsync(container, blobPrefix, cancellationToken).ConfigureAwait(false))
                yield return found;
        }
    }

    /// <summary>
    /// The full names of folders, or of containers, that start with the prefix and have no further slash, in ordinal order.
    /// </summary>
    /// <param name="prefix">The prefix, including the container.</param>
    /// <param name="enough">Ends after this many if the service has more; null for all.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public async IAsyncEnumerable<string> FoldersAsync(
        string prefix, int? enough, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!BlobName.TryParsePrefix(prefix, out var container, out var blobPrefix))
        {
            foreach (var each in await ContainersAsync(prefix, cancellationToken).ConfigureAwait(false))
                yield return each;
            yield break;
        }

        if (!BlobName.IsContainer(container))
            yield break;

        // Azure includes the trailing slash in the order, which puts "a-b" before "a".
        var folders = new SortedSet<string>(StringComparer.Ordinal);
        var options = new GetBlobsByHierarchyOptions { Prefix = blobPrefix, Delimiter = "/" };
        var items = service.GetBlobContainerClient(container).GetBlobsByHierarchyAsync(options, cancellationToken);
        await foreach (var item in CheckedAsync(items, cancellationToken).ConfigureAwait(false))
        {
            if (item.IsPrefix)
                folders.Add($"{container}/{item.Prefix.TrimEnd('/')}");
            if (folders.Count == enough)
                break;
        }

        foreach (var each in folders)
            yield return each;
    }

    private async IAsyncEnumerable<ObjectProperties> InAsync(
        string container, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new GetBlobsOptions { Prefix = prefix, Traits = BlobTraits.Metadata };
        var items = service.GetBlobContainerClient(container).GetBlobsAsync(options, cancellationToken);
        await foreach (var item in CheckedAsync(items, cancellationToken).ConfigureAwait(false))
        {
            if (IsFolder(item))
                continue;
            var there = item.Properties;
            yield return AzureBlobObjectStore.Properties(
                $"{container}/{item.Name}", there.ContentLength ?? 0, there.ETag ?? default, there.LastModified ?? default);
        }
    }

    /// <summary>Whether a blob only marks a folder, as storage tools and accounts with a hierarchical namespace create them.</summary>
    private static bool IsFolder(BlobItem item) =>
        item.Properties.ContentLength is null or 0
        && (item.Name.EndsWith('/') || item.Metadata?.Any(pair =>
            pair.Key.Equals("hdi_isfolder", StringComparison.OrdinalIgnoreCase)
                && pair.Value.Equals("true", StringComparison.OrdinalIgnoreCase)) == true);

    private async Task<IReadOnlyCollection<string>> ContainersAsync(string prefix, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var items = service.GetBlobContainersAsync(BlobContainerTraits.None, prefix, cancellationToken);
        await foreach (var item in CheckedAsync(items, cancellationToken).ConfigureAwait(false))
            names.Add(item.Name);
        return names;
    }

    /// <summary>The items of all pages; empty if the container does not exist.</summary>
    private static async IAsyncEnumerable<T> CheckedAsync<T>(
        AsyncPageable<T> pages, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        var items = pages.GetAsyncEnumerator(cancellationToken);
        await using var _ = items.ConfigureAwait(false);
        while (await BlobCalls.RunAsync(What, () => NextAsync(items), cancellationToken).ConfigureAwait(false))
            yield return items.Current;
    }

    private static async Task<bool> NextAsync<T>(IAsyncEnumerator<T> items)
    {
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (BlobCalls.IsContainerMissing(exception))
        {
            return false;
        }
    }
}
