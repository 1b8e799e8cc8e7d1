using System.Text.Json.Serialization.Metadata;

namespace DicomFunctions.Core.Workflow;

/// <summary>The name of a workflow and the JSON type of its state, the same on every engine.</summary>
internal sealed record WorkflowRef<TState>(string Name, JsonTypeInfo<TState> State);
