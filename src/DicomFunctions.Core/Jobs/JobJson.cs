using System.Text.Json.Serialization;
using DicomFunctions.Core.Jobs.Activities;

namespace DicomFunctions.Core.Jobs;

/// <summary>The JSON of jobs: what goes through the engine, and the small files beside the inputs and results.</summary>
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
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(LegCommit))]
[JsonSerializable(typeof(string))]
internal sealed partial class JobJson : JsonSerializerContext;
