using System.Globalization;
using System.Text.Json;
using DicomFunctions.Emulator.Answers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>The methods of a topic: create, get, delete, publish.</summary>
internal sealed class TopicEndpoint(PubSubBroker broker)
{
    /// <summary>Answers the request, or returns the error to answer with.</summary>
    public async Task<GoogleError?> HandleAsync(HttpContext context, string name, string verb, JsonElement body)
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
                return await context.WriteEmptyObjectAsync().ConfigureAwait(false);
            case ("POST", "publish"):
                return await PublishAsync(context, name, body).ConfigureAwait(false);
            default:
                return GoogleError.NotFound("No such method.");
        }
    }

    private async Task<GoogleError?> PublishAsync(HttpContext context, string topic, JsonElement body)
    {
        if (!broker.HasTopic(topic))
            return GoogleError.NotFound($"Topic not found: {topic}");

        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array
            || messages.GetArrayLength() is 0 or > 1000)
        {
            return GoogleError.Invalid("messages must contain 1 to 1000 messages.");
        }

        var members = messages.EnumerateArray().Select(MessageMembers.Of).ToArray();
        if (members.Any(one => one is null))
            return GoogleError.Invalid("A message needs base64 data, or attributes with string values.");

        var ids = members.Select(one => broker.Publish(topic, one!.Value)?.Id).ToArray();
        await broker.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        await context.WriteJsonAsync(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("messageIds"u8);
            foreach (var id in ids)
                writer.WriteStringValue(id?.ToString(CultureInfo.InvariantCulture));

            writer.WriteEndArray();
            writer.WriteEndObject();
        }).ConfigureAwait(false);
        return null;
    }

    private static void Named(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteEndObject();
    }
}
