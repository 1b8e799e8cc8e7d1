using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>The JSON of a job's state and of its small files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobSpec))]
[JsonSerializable(typeof(JobState))]
[JsonSerializable(typeof(JobSummary))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobPlan))]
[JsonSerializable(typeof(JobClaim))]
[JsonSerializable(typeof(string))]
internal sealed partial class JobJson : JsonSerializerContext;
