using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.Events;

/// <summary>The secrets of a webhook, as Standard Webhooks writes them: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
internal static class WebhookSecret
{
    /// <summary>What is wrong with a text that has none: the rest of a sentence that does not quote it.</summary>
    public const string Problem =
        "must be whsec_ followed by 24 to 64 bytes in base64. Make one with: echo whsec_$(openssl rand -base64 32)";

    private const string Prefix = "whsec_";
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    /// <summary>Reads one secret, or several with white space between them.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<byte[]>? keys)
    {
        keys = null;
        List<byte[]> read = [];
        foreach (var part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var bytes = new byte[part.Length];
            if (!part.StartsWith(Prefix, StringComparison.Ordinal)
                || !Convert.TryFromBase64String(part[Prefix.Length..], bytes, out var length)
                || length is < LeastBytes or > MostBytes)
            {
                return false;
            }

            read.Add(bytes[..length]);
        }

        if (read.Count == 0)
            return false;
        keys = read;
        return true;
    }
}
