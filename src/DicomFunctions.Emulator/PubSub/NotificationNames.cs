using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Fills in the names of a store's topic and subscription.</summary>
internal sealed class NotificationNames(string topic, string? subscription)
{
    public string TopicOf(StoreName store) => Fill(topic, store);

    public string? SubscriptionOf(StoreName store) => subscription is null ? null : Fill(subscription, store);

    private static string Fill(string template, StoreName store) => template
        .Replace("{project}", store.Project, StringComparison.Ordinal)
        .Replace("{dataset}", store.Dataset, StringComparison.Ordinal)
        .Replace("{store}", store.Store, StringComparison.Ordinal);
}
