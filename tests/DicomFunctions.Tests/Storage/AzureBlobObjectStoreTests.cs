using System.Text;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using DicomFunctions.App.Storage;
using DicomFunctions.Core.Storage;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;
using Xunit;

namespace DicomFunctions.App.Tests.Storage;

[Collection(AzuriteBlobs.Collection)]
[Trait("Peer", "Azurite")]
[RequiresAzurite]
public sealed class AzureBlobObjectStoreTests(AzuriteBlobs azurite)
{
    private const long Gibibyte = 1L << 30;
    private const int Megabyte = 1_000_000;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = $"jobs/{Guid.NewGuid():n}";

    private string Name => _folder + "/x";

    private BlobContainerClient Blobs => new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient("jobs");

    private BlobClient Blob => Blobs.GetBlobClient(Name["jobs/".Length..]);

    [SuiteFact]
    public async Task A_commit_whose_answer_was_lost_is_sent_again_and_succeeds()
    {
        using var network = new LostAnswerHandler(
            request => request.RequestUri!.Query.Contains("comp=blocklist", StringComparison.Ordinal));
        var store = StoreOver(network);
        BlockId[] blocks = [new(0, 7, 0), new(1, 9, 0)];
        foreach (var block in blocks)
            await store.StageBlockAsync(Name, block, Encoding.ASCII.GetBytes($"{block.Batch}\n"), None);

        await store.CommitBlocksAsync(Name, blocks, None);

        Assert.Equal(1, network.Lost);
        Assert.Equal("0\n1\n", await ReadAsync(store));
    }

    [SuiteTheory]
    [InlineData(5)]
    [InlineData(5 * Megabyte)]
    public async Task A_put_when_absent_whose_answer_was_lost_knows_its_own_object(int length)
    {
        using var network = new LostAnswerHandler(request => request.Method == HttpMethod.Put && request.Headers.Contains("If-None-Match"));
        var store = StoreOver(network);
        using var content = new MemoryStream(new byte[length]);

        var put = await store.PutAsync(Name, content, PutCondition.WhenAbsent, None);

        Assert.Equal(1, network.Lost);
        Assert.Equal(await store.GetPropertiesAsync(Name, None), put);
        Assert.Equal(length, put!.Length);
        Assert.Null(await store.PutAsync(Name, new MemoryStream(), PutCondition.WhenAbsent, None));
    }

    [SuiteFact]
    public async Task A_move_whose_last_answer_was_lost_has_moved()
    {
        using var network = new LostAnswerHandler(request => request.Method == HttpMethod.Delete);
        var store = StoreOver(network);
        await store.PutAsync(Name, new MemoryStream("moved"u8.ToArray()), PutCondition.Always, None);

        Assert.True(await store.MoveAsync(Name, _folder + "/y", ifMatch: null, None));
        Assert.Equal(1, network.Lost);
        Assert.Equal([_folder + "/y"], await store.ListAsync(_folder, None).Select(found => found.Name).ToListAsync());
    }

    [SuiteFact]
    public async Task A_gibibyte_streams_both_ways_with_few_megabytes_resident()
    {
        var store = StoreOver(new SocketsHttpHandler());
        await store.PutAsync(Name, new PatternStream(10 * Megabyte), PutCondition.Always, None);
        await using var source = new PatternStream(Gibibyte);
        var before = Environment.WorkingSet;
        using var watch = new WorkingSetWatch();

        await store.PutAsync(Name, source, PutCondition.Always, None);
        await using var stream = await store.OpenReadAsync(Name, ObjectRange.All, null, None);
        await PatternStream.VerifyAsync(stream!, Gibibyte);

        Assert.InRange(watch.Peak - before, long.MinValue, 100 * Megabyte);
    }

    [SuiteFact]
    public async Task A_read_that_breaks_off_goes_on_where_it_was()
    {
        var store = StoreOver(new BrokenBodyHandler(after: 100_000));
        await store.PutAsync(Name, new PatternStream(3 * Megabyte), PutCondition.Always, None);

        await using var stream = await store.OpenReadAsync(Name, ObjectRange.All, null, None);

        await PatternStream.VerifyAsync(stream!, 3 * Megabyte);
    }

    [SuiteFact]
    public async Task A_store_that_refuses_is_broken_infrastructure_and_the_message_names_no_object()
    {
        var other = azurite.ConnectionString.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
        var store = new AzureBlobObjectStore(new BlobServiceClient(other));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => store.GetPropertiesAsync(Name, None));

        Assert.Contains("403", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder, exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectStoreException>(() => store.ListAsync(_folder, None).ToListAsync().AsTask());
        await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutAsync(Name, new MemoryStream(), PutCondition.Always, None));
    }

    [SuiteFact]
    public async Task A_blob_in_the_archive_tier_is_closed_and_no_failure_of_the_store()
    {
        var store = StoreOver(new SocketsHttpHandler());
        await store.PutAsync(Name, new MemoryStream("cold"u8.ToArray()), PutCondition.Always, None);
        await Blob.SetAccessTierAsync(AccessTier.Archive);

        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.OpenReadAsync(Name, ObjectRange.All, null, None));
    }

    [SuiteFact]
    public async Task A_leased_blob_is_closed_and_not_taken_for_a_changed_one_and_is_not_copied()
    {
        var store = StoreOver(new SocketsHttpHandler());
        var etag = (await store.PutAsync(Name, new MemoryStream("leased"u8.ToArray()), PutCondition.Always, None))!.ETag;
        await Blob.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration);

        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.DeleteAsync(Name, etag, None));
        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.DeleteAsync(Name, null, None));
        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.MoveAsync(Name, _folder + "/y", etag, None));
        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.PutAsync(Name, new MemoryStream(), PutCondition.Always, None));
        Assert.Equal([Name], await store.ListAsync(_folder, None).Select(found => found.Name).ToListAsync());
        Assert.False(await store.DeleteAsync(Name, "\"0x1\"", None));
    }

    [SuiteFact]
    public async Task A_blob_leased_while_it_is_moved_leaves_no_copy()
    {
        var network = new BeforeHandler(
            HttpMethod.Delete, () => Blob.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration));
        var store = StoreOver(network);
        await store.PutAsync(Name, new MemoryStream("leased"u8.ToArray()), PutCondition.Always, None);

        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.MoveAsync(Name, _folder + "/y", ifMatch: null, None));

        Assert.Equal([Name], await store.ListAsync(_folder, None).Select(found => found.Name).ToListAsync());
    }

    [SuiteFact]
    public async Task A_move_of_a_blob_in_the_archive_tier_is_refused()
    {
        var store = StoreOver(new SocketsHttpHandler());
        await store.PutAsync(Name, new MemoryStream("cold"u8.ToArray()), PutCondition.Always, None);
        await Blob.SetAccessTierAsync(AccessTier.Archive);

        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.MoveAsync(Name, _folder + "/y", ifMatch: null, None));
    }

    [SuiteTheory]
    [InlineData("a//b")]
    [InlineData("a#b?c%20d%/e.dcm")]
    [InlineData("ends with a dot.")]
    [InlineData("long")]
    public async Task A_name_that_only_a_listing_can_give_is_moved_to_a_better_one(string name)
    {
        var store = StoreOver(new SocketsHttpHandler());
        name = name == "long" ? new string('x', 256) : name;
        await store.PutAsync(Name, new MemoryStream("in the way"u8.ToArray()), PutCondition.Always, None);
        await Blobs.GetBlobClient($"{_folder["jobs/".Length..]}/odd/{name}").UploadAsync(BinaryData.FromString("odd"));
        var listed = Assert.Single(await store.ListAsync(_folder + "/odd/", None).ToListAsync());
        Assert.Equal($"{_folder}/odd/{name}", listed.Name);

        Assert.False(await store.MoveAsync(listed.Name, _folder + "/y", "\"0x1\"", None));
        Assert.True(await store.MoveAsync(listed.Name, _folder + "/y", listed.ETag, None));

        Assert.Equal("odd", await ReadAsync(store, _folder + "/y"));
        Assert.Equal([Name, _folder + "/y"], await store.ListAsync(_folder, None).Select(found => found.Name).ToListAsync());
    }

    [SuiteFact]
    public async Task A_name_that_would_become_another_on_its_way_is_refused()
    {
        var store = StoreOver(new SocketsHttpHandler());
        await store.PutAsync(Name, new MemoryStream("another"u8.ToArray()), PutCondition.Always, None);
        await PutRawAsync("x/", "odd");
        var listed = await store.ListAsync(Name, None).ToListAsync();
        Assert.Equal([Name, Name + "/"], listed.Select(found => found.Name));

        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.MoveAsync(Name + "/", _folder + "/y", listed[1].ETag, None));
        await Assert.ThrowsAsync<ObjectDeniedException>(() => store.MoveAsync(_folder + "/../x", _folder + "/y", ifMatch: null, None));

        Assert.Equal("another", await ReadAsync(store));
    }

    [SuiteFact]
    public async Task Page_and_append_blobs_are_objects_and_markers_of_folders_are_none()
    {
        var store = StoreOver(new SocketsHttpHandler());
        var folder = _folder["jobs/".Length..];
        await Blobs.CreateIfNotExistsAsync();
        await Blobs.GetPageBlobClient($"{folder}/page").CreateAsync(512);
        await Blobs.GetAppendBlobClient($"{folder}/append").CreateAsync();
        await Blobs.GetBlobClient($"{folder}/sub").UploadAsync(
            BinaryData.FromString(""), new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } });
        await PutRawAsync("slash/", "");
        var snapped = Blobs.GetBlobClient($"{folder}/snapped");
        await snapped.UploadAsync(BinaryData.FromString("x"));
        await snapped.CreateSnapshotAsync();

        Assert.Equal(
            [$"{_folder}/append", $"{_folder}/page", $"{_folder}/snapped"],
            await store.ListAsync(_folder, None).Select(found => found.Name).ToListAsync());
        foreach (var name in new[] { "append", "page", "snapped" })
            Assert.True(await store.DeleteAsync($"{_folder}/{name}", null, None));
    }

    [SuiteFact]
    public async Task A_store_that_is_not_there_is_broken_infrastructure()
    {
        var store = new AzureBlobObjectStore(new BlobServiceClient(
            "DefaultEndpointsProtocol=http;AccountName=tests;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:1/tests;",
            new BlobClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.Zero } }));

        await Assert.ThrowsAsync<ObjectStoreException>(() => store.GetPropertiesAsync(Name, None));
        await Assert.ThrowsAsync<ObjectStoreException>(() => store.DeleteAsync(Name, null, None));
    }

    [SuiteFact]
    public async Task A_cancelled_call_is_cancelled_and_no_failure_of_the_store()
    {
        var store = StoreOver(new SocketsHttpHandler());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetPropertiesAsync(Name, cancelled.Token));
    }

    [SuiteTheory]
    [InlineData("Jobs/x")]
    [InlineData("a/x")]
    [InlineData("jobs")]
    [InlineData("jo--bs/x")]
    public async Task A_name_without_a_container_that_Azure_can_have_is_refused(string name)
    {
        var store = StoreOver(new SocketsHttpHandler());

        await Assert.ThrowsAsync<ArgumentException>(() => store.GetPropertiesAsync(name, None));
        Assert.Empty(await store.ListAsync(name + "/none", None).ToListAsync());
        Assert.Empty(await store.ListFoldersAsync(name + "/none/", null, None).ToListAsync());
    }

    [SuiteFact]
    public async Task A_prefix_or_folder_above_the_containers_spans_them()
    {
        var store = StoreOver(new SocketsHttpHandler());
        await store.PutAsync(Name, new MemoryStream(), PutCondition.Always, None);
        await store.PutAsync("jobs-two/x", new MemoryStream(), PutCondition.Always, None);

        Assert.Contains("jobs-two/x", await store.ListAsync("jobs-", None).Select(found => found.Name).ToListAsync());
        Assert.Contains(Name, await store.ListAsync("", None).Select(found => found.Name).ToListAsync());
        Assert.Superset(new HashSet<string> { "jobs", "jobs-two" }, await store.ListFoldersAsync("", null, None).ToHashSetAsync());
    }

    [SuiteFact]
    public async Task A_delete_where_blocks_were_only_staged_drops_them_and_tells_there_was_none()
    {
        var store = StoreOver(new SocketsHttpHandler());
        var block = new BlockId(0, 7, 0);
        await store.StageBlockAsync(Name, block, new byte[10], None);

        Assert.False(await store.DeleteAsync(Name, null, None));
        Assert.Null(await store.GetPropertiesAsync(Name, None));
        await Assert.ThrowsAsync<ObjectStoreException>(() => store.CommitBlocksAsync(Name, [block], None));
    }

    [SuiteFact]
    public async Task A_block_of_nothing_is_refused()
    {
        var store = StoreOver(new SocketsHttpHandler());

        await Assert.ThrowsAsync<ArgumentException>(
            () => store.StageBlockAsync(Name, new BlockId(0, 0, 0), ReadOnlyMemory<byte>.Empty, None));
    }

    /// <summary>Puts a blob as it is named: the SDK leaves out a slash at the end.</summary>
    private async Task PutRawAsync(string name, string content)
    {
        await Blobs.CreateIfNotExistsAsync();
        var container = Blobs.GenerateSasUri(BlobContainerSasPermissions.Write, DateTimeOffset.UtcNow.AddHours(1));
        var blob = Uri.EscapeDataString($"{_folder["jobs/".Length..]}/{name}");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{container.GetLeftPart(UriPartial.Path)}/{blob}{container.Query}")
        {
            Content = new StringContent(content),
            Headers = { { "x-ms-blob-type", "BlockBlob" } },
        };
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> ReadAsync(AzureBlobObjectStore store, string name)
    {
        await using var stream = await store.OpenReadAsync(name, ObjectRange.All, null, None);
        using var reader = new StreamReader(stream!);
        return await reader.ReadToEndAsync();
    }

    private Task<string> ReadAsync(AzureBlobObjectStore store) => ReadAsync(store, Name);

    private AzureBlobObjectStore StoreOver(HttpMessageHandler network)
        => new(new BlobServiceClient(azurite.ConnectionString, new BlobClientOptions
        {
            Transport = new HttpClientTransport(network),
            Retry = { Delay = TimeSpan.Zero },
        }));
}
