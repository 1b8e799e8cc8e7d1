using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DicomFunctions.Core.Events;

/// <summary>
/// Signs a message by Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 of the id, the time and the body, with dots
/// between them.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>The value of <c>webhook-signature</c>: one signature for each key, separated by spaces.</summary>
    /// <param name="keys">The secrets' bytes.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>, in seconds since 1970.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Of(IReadOnlyList<byte[]> keys, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
    }
}
