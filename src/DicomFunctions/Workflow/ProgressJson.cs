using System.Text.Json.Serialization;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.App.Workflow;

/// <summary>The JSON of an orchestration's custom status, the same whatever serializer the worker has.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JobProgress))]
internal sealed partial class ProgressJson : JsonSerializerContext;
