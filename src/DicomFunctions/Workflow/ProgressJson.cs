using System.Text.Json.Serialization;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.App.Workflow;

/// <summary>The JSON of an orchestration's custom status, independent of the worker's serializer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JobProgress))]
internal sealed partial class ProgressJson : JsonSerializerContext;
