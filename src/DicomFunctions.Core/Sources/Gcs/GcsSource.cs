using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DicomFunctions.Core.Failures;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>
/// Sources in Google Cloud Storage: <c>gs://bucket/name</c> (or <c>gcs://</c>), a glob, or a prefix that ends in a slash.
/// </summary>
internal sealed class GcsSource(GcsClient client, IOptions<SourceOptions> options, TimeProvider time) : ISourceProvider
{
    private const int PageSize = 1000;

    public string Example => "gs://bucket/name";

    public bool CanOpen(string reference) => GcsReference.Is(reference);

    public bool IsPattern(string reference) =>
        GcsReference.Parse(reference, out var parsed) is null && (parsed.Name.Length == 0 || Glob.IsPattern(parsed.Name));

    public IAsyncEnumerable<SourcePage> ExpandAsync(string reference, string? after, CancellationToken cancellationToken)
    {
        if (GcsReference.Parse(reference, out var parsed) is { } problem)
            return SourcePages.One(new(reference, problem));
        if (!IsPattern(reference))
            return SourcePages.One(new(reference));
        var glob = new Glob(parsed.Name.Length == 0 ? "**" : parsed.Name);
        return List(reference, parsed.Bucket, glob, after, cancellationToken);
    }

    public async Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken)
    {
        if (GcsReference.Parse(reference, out var parsed) is { } problem)
            return new(problem);
        if (parsed.Name.Length == 0)
            return SourceOpening.Failed(FailureCode.BadReference, "The object's name is missing after gs://bucket/.");
        var opening = await TryOpenAsync(parsed, cancellationToken).ConfigureAwait(false);

        // Tries once more if the object was replaced between the requests for its properties and its bytes.
        return opening.Problem?.Code == FailureCode.Changed
            ? await TryOpenAsync(parsed, cancellationToken).ConfigureAwait(false)
            : opening;
    }

    private async Task<SourceOpening> TryOpenAsync(GcsReference reference, CancellationToken cancellationToken)
    {
        var path = $"{reference.Bucket}/o/{Uri.EscapeDataString(reference.Name)}";
        var properties = await client.GetAsync(
            path + "?fields=size,generation,contentEncoding", Json(GcsJson.Default.GcsObject), cancellationToken).ConfigureAwait(false);
        if (!properties.IsSuccess)
            return new(properties.Problem);
        var found = properties.Value;
        if (found.Generation is null)
        {
            return SourceOpening.Failed(
                FailureCode.Unreadable, "What answers is not Cloud Storage: it names no generation of the object.");
        }

        if (found.Size <= 0)
            return SourceOpening.Failed(FailureCode.Empty, "The object is empty.");
        if (found.ContentEncoding is { Length: > 0 } and not "identity")
        {
            return SourceOpening.Failed(
                FailureCode.Unreadable, "The object is stored compressed (its Content-Encoding). Store it as it is.");
        }

        var content = await client.GetAsync(
            $"{path}?alt=media&ifGenerationMatch={Uri.EscapeDataString(found.Generation)}", ContentAsync,
            cancellationToken).ConfigureAwait(false);

        // A generation never changes, and all bytes are read from this one.
        return content.IsSuccess
            ? new(new OpenedSource(content.Value, found.Size, found.Generation, static _ => ValueTask.FromResult(true)))
            : new(content.Problem);
    }

    private async Task<Stream> ContentAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new GcsContentStream(
        await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), response, options.Value.GcsTimeout, time);

    /// <param name="pattern">The pattern as given.</param>
    /// <param name="bucket">Its bucket.</param>
    /// <param name="glob">The pattern of names.</param>
    /// <param name="next">The token of the page to begin with; null for the first.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    private async IAsyncEnumerable<SourcePage> List(
        string pattern, string bucket, Glob glob, string? next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // If nothing below the folder can match, a delimiter keeps it out of the listing.
        var query = $"{bucket}/o?fields=items(name),nextPageToken&maxResults={PageSize}&prefix={Uri.EscapeDataString(glob.Prefix)}"
            + (glob.IsFlat ? "&delimiter=%2F" : "");
        do
        {
            var page = await client.GetAsync(
                next is null
                    ? query
                    : $"{query}&pageToken={Uri.EscapeDataString(next)}", Json(GcsJson.Default.GcsListing), cancellationToken)
                .ConfigureAwait(false);
            if (!page.IsSuccess)
            {
                yield return new([new(pattern, page.Problem)]);
                yield break;
            }

            next = page.Value.NextPageToken is { Length: > 0 } token ? token : null;
            yield return new([.. Sources(bucket, glob, page.Value.Items ?? [])], next);
        }
        while (next is not null);
    }

    private static IEnumerable<SourceItem> Sources(string bucket, Glob glob, IEnumerable<GcsObject> objects)
    {
        foreach (var item in objects)
        {
            // Consoles create an object with a trailing slash to show an empty folder.
            if (item.Name is { Length: > 0 } name && !name.EndsWith('/') && glob.IsMatch(name))
                yield return new(new GcsReference(bucket, name).ToString());
        }
    }

    private static GcsClient.Reader<T> Json<T>(JsonTypeInfo<T> type)
        where T : class => async (response, cancellationToken) =>
    {
        using (response)
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                return await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false)
                    ?? throw new JsonException("The body is null.");
            }
        }
    };
}
