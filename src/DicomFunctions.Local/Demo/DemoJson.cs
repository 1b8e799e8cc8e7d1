using System.Text.Json.Serialization;

namespace DicomFunctions.Local.Demo;

internal sealed record DemoRequest(
    string ProjectId, string Region, string DatasetId, string DicomStoreId, string SearchType, Dictionary<string, string> Params);

/// <summary>The last line that <c>--once</c> prints.</summary>
internal sealed record DemoSummary(int Files, int Stored, int Failed, int Notifications, int Found, string Records);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoRequest))]
[JsonSerializable(typeof(DemoSummary))]
internal sealed partial class DemoJson : JsonSerializerContext;
