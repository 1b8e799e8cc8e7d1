using System.Text.Json.Serialization.Metadata;

namespace DicomFunctions.Core.Workflow;

/// <summary>The name of an activity and the JSON of what goes in and comes out of it, the same on every engine.</summary>
public sealed record ActivityRef<TIn, TOut>(string Name, JsonTypeInfo<TIn> Input, JsonTypeInfo<TOut> Output);
