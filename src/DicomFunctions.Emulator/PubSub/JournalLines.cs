using System.Buffers;
using System.Text.Json;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Writes lines of the Pub/Sub journal: one JSON object each, with the line break.</summary>
internal static class JournalLines
{
    public static byte[] LastId(long id) => Line(writer => writer.WriteNumber("lastId"u8, id));

    public static byte[] Topic(string topic) => Line(writer => writer.WriteString("topic"u8, topic));

    public static byte[] DeletedTopic(string topic) => Line(writer => writer.WriteString("deletedTopic"u8, topic));

    public static byte[] DeletedSubscription(string name) => Line(writer => writer.WriteString("deletedSubscription"u8, name));

    public static byte[] Subscription(string name, string topic, TimeSpan ackDeadline) => Line(writer =>
    {
        writer.WriteString("subscription"u8, name);
        writer.WriteString("of"u8, topic);
        writer.WriteNumber("ackDeadlineSeconds"u8, (int)ackDeadline.TotalSeconds);
    });

    /// <summary>A message to all subscriptions that its topic has at this point of the journal.</summary>
    public static byte[] Message(PubSubMessage message, string topic) => Line(writer =>
    {
        writer.WriteString("to"u8, topic);
        WriteMessage(writer, message);
    });

    /// <summary>A message waiting in one subscription.</summary>
    public static byte[] Waiting(PubSubMessage message, string subscription) => Line(writer =>
    {
        writer.WriteString("in"u8, subscription);
        WriteMessage(writer, message);
    });

    public static byte[] Acknowledged(string subscription, IReadOnlyList<long> ids) => Line(writer =>
    {
        writer.WriteString("acknowledgedIn"u8, subscription);
        writer.WriteStartArray("ids"u8);
        foreach (var id in ids)
            writer.WriteNumberValue(id);

        writer.WriteEndArray();
    });

    private static void WriteMessage(Utf8JsonWriter writer, PubSubMessage message)
    {
        writer.WriteNumber("id"u8, message.Id);
        writer.WriteString("time"u8, message.PublishTime);
        writer.WritePropertyName("message"u8);
        writer.WriteRawValue((byte[])[(byte)'{', .. message.Members.Span, (byte)'}'], skipInputValidation: true);
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }
}
