using System.Text.Json.Serialization;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Overview;

namespace DicomFunctions.Core.Api;

/// <summary>JSON serialization of the API's answers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AcceptedJob))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(OverviewReport))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ApiJson : JsonSerializerContext;
