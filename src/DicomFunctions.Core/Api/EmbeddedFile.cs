using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DicomFunctions.Core.Api;

/// <summary>A file in this assembly that the API serves.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Tag">The ETag of these bytes.</param>
internal sealed record EmbeddedFile(byte[] Content, string Type, EntityTagHeaderValue Tag)
{
    public static EmbeddedFile Read(string name, string type)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new EmbeddedFile(content, type, TaggedAnswer.TagOf(content));
    }

    /// <summary>Answers with the file.</summary>
    /// <param name="request">The request, whose <c>If-None-Match</c> may have the tag.</param>
    /// <param name="caching">The answer's <c>Cache-Control</c>: by default, a cache asks whether the file is still the same.</param>
    public IResult Answer(HttpRequest request, string caching = "no-cache")
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = caching;
        headers.XContentTypeOptions = "nosniff";
        return TaggedAnswer.Of(request, Content, Type, Tag);
    }
}
