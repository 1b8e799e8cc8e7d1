using System.Buffers;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>
/// The names of a store's topic and subscription. Characters of a dataset or store that Pub/Sub ids,
/// <c>[A-Za-z][A-Za-z0-9-_.~+%]{2,254}</c>, cannot have are percent-encoded.
/// </summary>
internal sealed class NotificationNames(string topic, string? subscription)
{
    private const int MaxLength = 255;
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~+%");

    public string TopicOf(StoreName store) => Fill(topic, store);

    public string? SubscriptionOf(StoreName store) => subscription is null ? null : Fill(subscription, store);

    /// <summary>Whether it is a valid id of a topic or subscription. The emulator also accepts shorter ones than Google.</summary>
    public static bool IsId(ReadOnlySpan<char> id) => id.Length is > 0 and <= MaxLength && !id.ContainsAnyExcept(IdCharacters);

    private static string Fill(string template, StoreName store) => template
        .Replace("{project}", store.Project, StringComparison.Ordinal)
        .Replace("{dataset}", Uri.EscapeDataString(store.Dataset), StringComparison.Ordinal)
        .Replace("{store}", Uri.EscapeDataString(store.Store), StringComparison.Ordinal);
}
