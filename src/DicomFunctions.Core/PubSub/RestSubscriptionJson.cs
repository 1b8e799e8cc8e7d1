using System.Text.Json;
using System.Text.Json.Serialization;

namespace DicomFunctions.Core.PubSub;

internal sealed record PullRequest(int MaxMessages);

/// <summary>Messages as they arrived: one that is incomplete must not make the others unreadable.</summary>
internal sealed record PullResponse(List<JsonElement>? ReceivedMessages);

internal sealed record AckRequest(List<string> AckIds, int? AckDeadlineSeconds);

internal sealed record PermissionList(List<string>? Permissions);

/// <summary>The JSON of the Pub/Sub REST API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PullRequest))]
[JsonSerializable(typeof(PullResponse))]
[JsonSerializable(typeof(AckRequest))]
[JsonSerializable(typeof(PermissionList))]
internal sealed partial class RestSubscriptionJson : JsonSerializerContext;
