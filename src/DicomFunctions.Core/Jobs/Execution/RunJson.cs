using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>The JSON of what a job's workflow and its activities tell each other.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(LegCommit))]
internal sealed partial class RunJson : JsonSerializerContext;
