using System.Text.Json;
using DicomFunctions.Emulator.Http;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>The part of the Pub/Sub REST API that a pull subscriber and a publisher need, below <c>/v1/projects/P/</c>.</summary>
internal sealed class PubSubEndpoint(PubSubBroker broker, TimeSpan pullWait)
{
    private const int MaxRequestLength = 10 << 20;
    private const int MaxAcknowledgeLength = 512 * 1024;

    /// <summary>Whether the path (below <c>/v1/</c>) is a topic's or a subscription's.</summary>
    public static bool Owns(ReadOnlySpan<char> path)
    {
        Span<Range> parts = stackalloc Range[4];
        return path.Split(parts, '/') >= 3 && path[parts[0]] is "projects" && path[parts[2]] is "topics" or "subscriptions";
    }

    public async Task HandleAsync(HttpContext context, string path)
    {
        var parts = path.Split('/');
        var (id, verb) = parts.Length == 4 ? SplitVerb(parts[3]) : ("", "");
        if (parts.Length != 4 || !StoreName.IsProject(parts[1]) || !StoreName.IsId(id))
        {
            await context.WriteErrorAsync(GoogleError.Invalid("The resource name is not valid.")).ConfigureAwait(false);
            return;
        }

        var name = $"projects/{parts[1]}/{parts[2]}/{id}";
        var (body, error) = await ReadBodyAsync(context, verb).ConfigureAwait(false);
        using (body)
        {
            error ??= parts[2] == "topics"
                ? await TopicAsync(context, name, verb, body).ConfigureAwait(false)
                : await SubscriptionAsync(context, name, verb, body?.RootElement ?? default).ConfigureAwait(false);
        }

        if (error is not null)
        {
            await context.WriteErrorAsync(error).ConfigureAwait(false);
        }
    }

    private static (string Id, string Verb) SplitVerb(string last)
    {
        var colon = last.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (last, "") : (last[..colon], last[(colon + 1)..]);
    }

    private static async Task<(JsonDocument? Body, GoogleError? Error)> ReadBodyAsync(HttpContext context, string verb)
    {
        if (context.Request.Method is "GET" or "DELETE")
        {
            return (null, null);
        }

        var limit = verb == "acknowledge" ? MaxAcknowledgeLength : MaxRequestLength;
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > limit)
            {
                return (null, GoogleError.Invalid($"The request is larger than {limit} bytes."));
            }
        }

        try
        {
            var json = JsonDocument.Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes.ToArray());
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return (json, null);
            }

            json.Dispose();
        }
        catch (JsonException)
        {
            // Said below.
        }

        return (null, GoogleError.Invalid("The request body is no JSON object."));
    }

    private async Task<GoogleError?> TopicAsync(HttpContext context, string name, string verb, JsonDocument? body)
    {
        switch (context.Request.Method, verb)
        {
            case ("PUT", "") when !broker.CreateTopic(name):
                return GoogleError.Of(409, $"Topic already exists: {name}");
            case ("GET", "") when !broker.HasTopic(name):
            case ("DELETE", "") when !broker.DeleteTopic(name):
                return GoogleError.NotFound($"Topic not found: {name}");
            case ("PUT" or "GET", ""):
                await context.WriteJsonAsync(200, writer => Named(writer, name)).ConfigureAwait(false);
                return null;
            case ("DELETE", ""):
                return await EmptyAsync(context).ConfigureAwait(false);
            case ("POST", "publish"):
                return await PublishAsync(context, name, body!.RootElement).ConfigureAwait(false);
            default:
                return GoogleError.NotFound("No such method.");
        }
    }

    private async Task<GoogleError?> PublishAsync(HttpContext context, string topic, JsonElement body)
    {
        if (!broker.HasTopic(topic))
        {
            return GoogleError.NotFound($"Topic not found: {topic}");
        }

        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array
            || messages.GetArrayLength() is 0 or > 1000)
        {
            return GoogleError.Invalid("messages must have 1 to 1000 messages.");
        }

        var members = messages.EnumerateArray().Select(MessageMembers.Of).ToArray();
        if (members.Any(one => one is null))
        {
            return GoogleError.Invalid("A message needs data in base64, or attributes that are strings.");
        }

        var ids = members.Select(one => broker.Publish(topic, one!.Value)?.Id).ToArray();
        await broker.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        await context.WriteJsonAsync(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("messageIds"u8);
            foreach (var id in ids)
            {
                writer.WriteStringValue(id?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }).ConfigureAwait(false);
        return null;
    }

    private async Task<GoogleError?> SubscriptionAsync(HttpContext context, string name, string verb, JsonElement body)
    {
        if ((context.Request.Method, verb) is ("PUT", ""))
        {
            return await CreateAsync(context, name, body).ConfigureAwait(false);
        }

        if (broker.Find(name) is not { } subscription)
        {
            return GoogleError.NotFound($"Subscription does not exist: {name}");
        }

        switch (context.Request.Method, verb)
        {
            case ("GET", ""):
                await context.WriteJsonAsync(200, writer => Described(writer, subscription)).ConfigureAwait(false);
                return null;
            case ("DELETE", ""):
                broker.DeleteSubscription(name);
                return await EmptyAsync(context).ConfigureAwait(false);
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
        if (!body.TryGetProperty("topic", out var topic) || topic.ValueKind != JsonValueKind.String || !Owns(topic.GetString()))
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
        {
            return GoogleError.NotFound($"Topic not found: {topic.GetString()}");
        }

        if (!broker.CreateSubscription(name, topic.GetString()!, TimeSpan.FromSeconds(seconds == 0 ? 10 : seconds)))
        {
            return GoogleError.Of(409, $"Subscription already exists: {name}");
        }

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
        {
            return await EmptyAsync(context).ConfigureAwait(false);
        }

        await context.WriteJsonAsync(200, writer => Received(writer, messages)).ConfigureAwait(false);
        return null;
    }

    private async Task<GoogleError?> AcknowledgeAsync(HttpContext context, Subscription subscription, JsonElement body)
    {
        if (AckIds(body) is not { } ids)
        {
            return GoogleError.Invalid("ackIds must have ack ids of this subscription.");
        }

        broker.Acknowledge(subscription, [.. ids.Select(ackId => ackId.Id)]);
        return await EmptyAsync(context).ConfigureAwait(false);
    }

    private static async Task<GoogleError?> ModifyAsync(HttpContext context, Subscription subscription, JsonElement body)
    {
        if (AckIds(body) is not { } ids)
        {
            return GoogleError.Invalid("ackIds must have ack ids of this subscription.");
        }

        if (!body.TryGetProperty("ackDeadlineSeconds", out var value) || value.ValueKind != JsonValueKind.Number
            || !value.TryGetInt32(out var seconds) || seconds is < 0 or > 600)
        {
            return GoogleError.Invalid("ackDeadlineSeconds must be from 0 to 600.");
        }

        foreach (var (id, attempt) in ids)
        {
            subscription.ModifyDeadline(id, attempt, TimeSpan.FromSeconds(seconds));
        }

        return await EmptyAsync(context).ConfigureAwait(false);
    }

    private static List<(long Id, int Attempt)>? AckIds(JsonElement body)
    {
        if (!body.TryGetProperty("ackIds", out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
        {
            return null;
        }

        var ids = new List<(long, int)>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String || !Subscription.TryParseAckId(element.GetString(), out var id, out var attempt))
            {
                return null;
            }

            ids.Add((id, attempt));
        }

        return ids;
    }

    private static async Task<GoogleError?> EmptyAsync(HttpContext context)
    {
        await context.WriteBytesAsync(200, "application/json; charset=UTF-8", "{}"u8.ToArray()).ConfigureAwait(false);
        return null;
    }

    private static void Named(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteEndObject();
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
            var tail = $"\"messageId\":\"{message.Id}\",\"publishTime\":\"{MessageMembers.Rfc3339(message.PublishTime)}\"}}";
            writer.WriteRawValue((byte[])[(byte)'{', .. message.Members.Span, (byte)',', .. System.Text.Encoding.ASCII.GetBytes(tail)], skipInputValidation: true);
            writer.WriteNumber("deliveryAttempt"u8, attempt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
