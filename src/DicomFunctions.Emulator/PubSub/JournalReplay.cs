using System.Text;
using System.Text.Json;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Restores a broker from a journal. Skips lines torn by a crash or a full disk.</summary>
internal static class JournalReplay
{
    public static void Into(PubSubBroker broker, string path)
    {
        if (!File.Exists(path))
            return;

        foreach (var line in File.ReadLines(path))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                Apply(broker, json.RootElement);
            }
            catch (Exception exception) when (exception
                is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // Torn: its content was not confirmed to anyone, or will be delivered again.
            }
        }
    }

    private static void Apply(PubSubBroker broker, JsonElement line)
    {
        if (line.TryGetProperty("topic", out var topic))
        {
            broker.CreateTopic(topic.GetString()!);
        }
        else if (line.TryGetProperty("lastId", out var lastId))
        {
            broker.RestoreLastId(lastId.GetInt64());
        }
        else if (line.TryGetProperty("deletedTopic", out var deletedTopic))
        {
            broker.DeleteTopic(deletedTopic.GetString()!);
        }
        else if (line.TryGetProperty("deletedSubscription", out var deleted))
        {
            broker.DeleteSubscription(deleted.GetString()!);
        }
        else if (line.TryGetProperty("subscription", out var subscription))
        {
            broker.CreateSubscription(
                subscription.GetString()!,
                line.GetProperty("of").GetString()!,
                TimeSpan.FromSeconds(line.GetProperty("ackDeadlineSeconds").GetInt32()));
        }
        else if (line.TryGetProperty("acknowledgedIn", out var acknowledged))
        {
            if (broker.Find(acknowledged.GetString()!) is { } found)
                broker.Acknowledge(found, [.. line.GetProperty("ids").EnumerateArray().Select(id => id.GetInt64())]);
        }
        else
        {
            var members = Encoding.UTF8.GetBytes(line.GetProperty("message").GetRawText())[1..^1];
            var message = new PubSubMessage(line.GetProperty("id").GetInt64(), line.GetProperty("time").GetDateTimeOffset(), members);
            broker.Restore(
                message,
                line.TryGetProperty("in", out var one) ? [one.GetString()!] : broker.SubscriptionsOf(line.GetProperty("to").GetString()!));
        }
    }
}
