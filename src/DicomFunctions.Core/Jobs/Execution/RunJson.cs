using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>The JSON of the inputs and outputs of a job's activities.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExpandRequest))]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(LegCommit))]
internal sealed partial class RunJson : JsonSerializerContext;
