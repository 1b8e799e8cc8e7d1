using System.Text;
using System.Text.Json;
using DicomFunctions.Emulator.Answers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>The methods of a subscription: create, get, delete, pull, acknowledge, modifyAckDeadline.</summary>
internal sealed class SubscriptionEndpoint(PubSubBroker broker, TimeSpan pullWait)
{
    /// <summary>Answers the request, or returns the error to answer with.</summary>
    public async Task<GoogleError?> HandleAsync(HttpContext context, string name, string verb, JsonElement body)
    {
        if ((context.Request.Method, verb) is ("PUT", ""))
            return await CreateAsync(context, name, body).ConfigureAwait(false);

        if (broker.Find(name) is not { } subscription)
            return GoogleError.NotFound($"Subscription does not exist: {name}");

        switch (context.Request.Method, verb)
        {
            case ("GET", ""):
                await context.WriteJsonAsync(200, writer => Described(writer, subscription)).ConfigureAwait(false);
                return null;
            case ("DELETE", ""):
                broker.DeleteSubscription(name);
                return await context.WriteEmptyObjectAsync().ConfigureAwait(false);
            case ("POST", "pull"):
                return await PullAsync(context, subscription, body).ConfigureAwait(false);
            case ("POST", "acknowledge"):
                return await AcknowledgeAsync(context, subscription, body).ConfigureAwait(false);
            case ("POST", "modifyAckDeadline"):
                return await ModifyAsync(context, subscription, body).ConfigureAwait(false);
            default:
                return GoogleError.NotFound("No such method.");
        }
    }

    private async Task<GoogleError?> CreateAsync(HttpContext context, string name, JsonElement body)
    {
        if (!body.TryGetProperty("topic", out var topic)
            || topic.ValueKind != JsonValueKind.String || !PubSubEndpoint.Owns(topic.GetString()))
        {
            return GoogleError.Invalid("topic must be the name of a topic.");
        }

        var seconds = 10;
        if (body.TryGetProperty("ackDeadlineSeconds", out var deadline)
            && (deadline.ValueKind != JsonValueKind.Number || !deadline.TryGetInt32(out seconds) || seconds is not (0 or >= 10 and <= 600)))
        {
            return GoogleError.Invalid("ackDeadlineSeconds must be from 10 to 600.");
        }

        if (!broker.HasTopic(topic.GetString()!))
            return GoogleError.NotFound($"Topic not found: {topic.GetString()}");

        if (!broker.CreateSubscription(name, topic.GetString()!, TimeSpan.FromSeconds(seconds == 0 ? 10 : seconds)))
            return GoogleError.Of(409, $"Subscription already exists: {name}");

        await context.WriteJsonAsync(200, writer => Described(writer, broker.Find(name)!)).ConfigureAwait(false);
        return null;
    }

    private async Task<GoogleError?> PullAsync(HttpContext context, Subscription subscription, JsonElement body)
    {
        if (!body.TryGetProperty("maxMessages", out var value) || value.ValueKind != JsonValueKind.Number
            || !value.TryGetInt32(out var max) || max is < 1 or > 1000)
        {
            return GoogleError.Invalid("maxMessages must be from 1 to 1000.");
        }

        var immediately = body.TryGetProperty("returnImmediately", out var flag) && flag.ValueKind == JsonValueKind.True;
        var messages = await subscription
            .PullAsync(max, immediately ? TimeSpan.Zero : pullWait, context.RequestAborted).ConfigureAwait(false);
        if (messages.Count == 0)
            return await context.WriteEmptyObjectAsync().ConfigureAwait(false);

        await context.WriteJsonAsync(200, writer => Received(writer, messages)).ConfigureAwait(false);
        return null;
    }

    private async Task<GoogleError?> AcknowledgeAsync(HttpContext context, Subscription subscription, JsonElement body)
    {
        if (AckIds(body) is not { } ids)
            return GoogleError.Invalid("ackIds must contain ack ids of this subscription.");

        broker.Acknowledge(subscription, [.. ids.Select(ackId => ackId.Id)]);
        return await context.WriteEmptyObjectAsync().ConfigureAwait(false);
    }

    private static async Task<GoogleError?> ModifyAsync(HttpContext context, Subscription subscription, JsonElement body)
    {
        if (AckIds(body) is not { } ids)
            return GoogleError.Invalid("ackIds must contain ack ids of this subscription.");

        if (!body.TryGetProperty("ackDeadlineSeconds", out var value) || value.ValueKind != JsonValueKind.Number
            || !value.TryGetInt32(out var seconds) || seconds is < 0 or > 600)
        {
            return GoogleError.Invalid("ackDeadlineSeconds must be from 0 to 600.");
        }

        foreach (var (id, attempt) in ids)
        {
            subscription.ModifyDeadline(id, attempt, TimeSpan.FromSeconds(seconds));
        }

        return await context.WriteEmptyObjectAsync().ConfigureAwait(false);
    }

    private static List<(long Id, int Attempt)>? AckIds(JsonElement body)
    {
        if (!body.TryGetProperty("ackIds", out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
            return null;

        var ids = new List<(long, int)>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String || !Subscription.TryParseAckId(element.GetString(), out var id, out var attempt))
                return null;

            ids.Add((id, attempt));
        }

        return ids;
    }

    private static void Described(Utf8JsonWriter writer, Subscription subscription)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, subscription.Name);
        writer.WriteString("topic"u8, subscription.Topic);
        writer.WriteStartObject("pushConfig"u8);
        writer.WriteEndObject();
        writer.WriteNumber("ackDeadlineSeconds"u8, (int)subscription.AckDeadline.TotalSeconds);
        writer.WriteEndObject();
    }

    private static void Received(Utf8JsonWriter writer, IReadOnlyList<PulledMessage> messages)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("receivedMessages"u8);
        foreach (var (message, ackId, attempt) in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("ackId"u8, ackId);
            writer.WritePropertyName("message"u8);
            var tail = Encoding.ASCII.GetBytes(
                $"\"messageId\":\"{message.Id}\",\"publishTime\":\"{MessageMembers.Rfc3339(message.PublishTime)}\"}}");
            writer.WriteRawValue((byte[])[(byte)'{', .. message.Members.Span, (byte)',', .. tail], skipInputValidation: true);
            writer.WriteNumber("deliveryAttempt"u8, attempt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
