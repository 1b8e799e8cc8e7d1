using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DicomFunctions.Core.Api;

/// <summary>Answers with an ETag: 304 without a body if the request's <c>If-None-Match</c> has it (RFC 9110 §13.1.2).</summary>
internal static class TaggedAnswer
{
    /// <summary>The content, unless the client has it.</summary>
    public static IResult Of(HttpRequest request, ReadOnlyMemory<byte> content, string type, EntityTagHeaderValue tag)
    {
        request.HttpContext.Response.GetTypedHeaders().ETag = tag;
        return request.GetTypedHeaders().IfNoneMatch.Any(known =>
            known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(content, type);
    }

    /// <summary>A tag for content, made from its bytes.</summary>
    /// <param name="content">The content, or what of it decides whether it counts as the same.</param>
    /// <param name="isWeak">Whether the same tag does not promise the same bytes.</param>
    public static EntityTagHeaderValue TagOf(ReadOnlySpan<byte> content, bool isWeak = false) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"", isWeak);
}
