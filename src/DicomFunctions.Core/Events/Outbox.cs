using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Events;

/// <summary>The events not sent yet: <c>outbox/{id}.json</c>, each with the event's id as its name.</summary>
internal sealed class Outbox(IObjectStore store)
{
    private const string Prefix = "outbox/";
    private const string Extension = ".json";
    private const int MaxIdLength = 100;

    /// <summary>More than any event has.</summary>
    private const int MaxBytes = 64 << 10;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Writes an event, unless it is there.</summary>
    public async Task WriteAsync(JobEvent jobEvent, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(jobEvent, EventJson.Default.JobEvent), writable: false);
        await store.PutAsync(NameOf(jobEvent.Id), content, PutCondition.WhenAbsent, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an event as it is sent. Null if it is gone, or can be none.</summary>
    public async Task<byte[]?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var content = await store.OpenReadAsync(NameOf(id), new ObjectRange(0, MaxBytes), ifMatch: null, cancellationToken)
            .ConfigureAwait(false);
        if (content is null)
            return null;
        await using (content.ConfigureAwait(false))
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            return copy.Length > 0 ? copy.ToArray() : null;
        }
    }

    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        store.DeleteAsync(NameOf(id), ifMatch: null, cancellationToken);

    /// <summary>
    /// The ids of all events, the oldest jobs' first, and when each was written. Leaves out what nobody here has written.
    /// </summary>
    public async IAsyncEnumerable<(string Id, DateTimeOffset Written)> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in store.ListAsync(Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!file.Name.EndsWith(Extension, StringComparison.Ordinal))
                continue;
            var id = file.Name[Prefix.Length..^Extension.Length];
            if (id.Length is > 0 and <= MaxIdLength && !id.AsSpan().ContainsAnyExcept(IdCharacters))
                yield return (id, file.LastModified);
        }
    }

    /// <summary>Removes everything written before a time.</summary>
    public async Task RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await foreach (var file in store.ListAsync(Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (file.LastModified < before)
                await store.DeleteAsync(file.Name, file.ETag, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string NameOf(string id) => Prefix + id + Extension;
}
