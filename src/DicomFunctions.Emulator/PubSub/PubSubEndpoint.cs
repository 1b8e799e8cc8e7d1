using System.Text.Json;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>The part of the Pub/Sub REST API that publishers and pull subscribers need, below <c>/v1/projects/P/</c>.</summary>
internal sealed class PubSubEndpoint(PubSubBroker broker, TimeSpan pullWait)
{
    private const int MaxRequestLength = 10 << 20;
    private const int MaxAcknowledgeLength = 512 * 1024;
    private readonly TopicEndpoint _topics = new(broker);
    private readonly SubscriptionEndpoint _subscriptions = new(broker, pullWait);

    /// <summary>Whether the path (below <c>/v1/</c>) is that of a topic or a subscription.</summary>
    public static bool Owns(ReadOnlySpan<char> path)
    {
        Span<Range> parts = stackalloc Range[4];
        return path.Split(parts, '/') >= 3 && path[parts[0]] is "projects" && path[parts[2]] is "topics" or "subscriptions";
    }

    public async Task HandleAsync(HttpContext context, string path)
    {
        var parts = path.Split('/');
        var (id, verb) = parts.Length == 4 ? SplitVerb(parts[3]) : ("", "");
        if (parts.Length != 4 || !StoreName.IsProject(parts[1]) || !NotificationNames.IsId(id))
        {
            await context.WriteErrorAsync(GoogleError.Invalid("The resource name is not valid.")).ConfigureAwait(false);
            return;
        }

        var name = $"projects/{parts[1]}/{parts[2]}/{id}";
        var (body, error) = await ReadBodyAsync(context, verb).ConfigureAwait(false);
        using (body)
        {
            error ??= parts[2] == "topics"
                ? await _topics.HandleAsync(context, name, verb, body?.RootElement ?? default).ConfigureAwait(false)
                : await _subscriptions.HandleAsync(context, name, verb, body?.RootElement ?? default).ConfigureAwait(false);
        }

        if (error is not null)
            await context.WriteErrorAsync(error).ConfigureAwait(false);
    }

    private static (string Id, string Verb) SplitVerb(string last)
    {
        var colon = last.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (last, "") : (last[..colon], last[(colon + 1)..]);
    }

    private static async Task<(JsonDocument? Body, GoogleError? Error)> ReadBodyAsync(HttpContext context, string verb)
    {
        if (context.Request.Method is "GET" or "DELETE")
            return (null, null);

        var limit = verb == "acknowledge" ? MaxAcknowledgeLength : MaxRequestLength;
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > limit)
                return (null, GoogleError.Invalid($"The request is larger than {limit} bytes."));
        }

        try
        {
            var json = JsonDocument.Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes.ToArray());
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return (json, null);

            json.Dispose();
        }
        catch (JsonException)
        {
            // Answered below.
        }

        return (null, GoogleError.Invalid("The request body is not a JSON object."));
    }
}
