using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace DicomFunctions.Core.Jobs;

/// <summary>The job that an <c>Idempotency-Key</c> belongs to: the content of <c>keys/{hash}</c>.</summary>
internal sealed record JobClaim
{
    /// <summary>The folder of all claims.</summary>
    public const string Root = "keys";

    /// <summary>How long a key belongs to its job.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public required string JobId { get; init; }

    /// <summary>The hash of what was submitted.</summary>
    public required string BodyHash { get; init; }

    /// <summary>When the job took the key.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The hash of a key. The same key means another job on another route.</summary>
    public static string HashOf(JobKind kind, string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{key}")));

    /// <summary>Whether a text has the form of a hash, and so is safe in a name.</summary>
    public static bool IsHash(string text) => text.Length == 2 * SHA256.HashSizeInBytes && !text.AsSpan().ContainsAnyExcept(HexDigits);

    /// <summary>The name of the claim of a key.</summary>
    public static string NameOf(string keyHash) => $"{Root}/{keyHash}";

    /// <summary>
    /// Whether the key belongs to the claim's job for another that was accepted then. A claim taken by a clock that was far ahead must not
    /// keep the key for good.
    /// </summary>
    public bool Holds(DateTimeOffset acceptedAt) => (acceptedAt - TakenAt).Duration() <= Lifetime;
}
