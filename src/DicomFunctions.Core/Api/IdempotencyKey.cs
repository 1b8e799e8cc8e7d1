using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>The <c>Idempotency-Key</c> of a submission: a repetition with the same key is the same job.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    /// <summary>The key; null without one. It is compared as it is sent, so quotes belong to it.</summary>
    /// <exception cref="BadRequestException">It is empty, too long, given twice, or has other characters than visible ASCII.</exception>
    public static string? Of(HttpRequest request) => request.Headers.TryGetValue(Header, out var values)
        ? values is [{ Length: > 0 and <= MaxLength } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : throw new BadRequestException($"{Header} must be one value of 1 to {MaxLength} visible ASCII characters.", Header)
        : null;
}
