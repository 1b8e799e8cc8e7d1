using System.Buffers;

namespace DicomFunctions.Core.Authorization;

internal static class BearerToken
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>Whether a text is a valid token for an <c>Authorization: Bearer</c> header (RFC 6750 §2.1).</summary>
    public static bool IsValid(ReadOnlySpan<char> token) => !token.IsEmpty && !token.ContainsAnyExcept(Characters);
}
