using System.Text.Json.Serialization;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>The JSON of the engine's own files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(WorkflowStatus))]
[JsonSerializable(typeof(JobProgress))]
internal sealed partial class EngineJsonContext : JsonSerializerContext;
