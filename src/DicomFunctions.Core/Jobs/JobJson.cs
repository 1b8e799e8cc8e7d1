using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>The JSON of a job: its state, and the small files beside its inputs and results.</summary>
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
[JsonSerializable(typeof(string))]
internal sealed partial class JobJson : JsonSerializerContext;
