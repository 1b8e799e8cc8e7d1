using System.Buffers;

namespace DicomFunctions.Core.Authorization;

internal static class BearerToken
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>RFC 6750 §2.1: whether a text may stand after <c>Bearer</c> in a header.</summary>
    public static bool IsValid(ReadOnlySpan<char> token) => !token.IsEmpty && !token.ContainsAnyExcept(Characters);
}
