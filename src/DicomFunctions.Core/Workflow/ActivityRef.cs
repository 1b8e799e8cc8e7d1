using System.Text.Json.Serialization.Metadata;

namespace DicomFunctions.Core.Workflow;

/// <summary>The name of an activity and the JSON types of its input and output, the same on every engine.</summary>
internal sealed record ActivityRef<TIn, TOut>(string Name, JsonTypeInfo<TIn> Input, JsonTypeInfo<TOut> Output)
{
    /// <summary>
    /// Whether the activity may run again, with the same outcome, even after later activities have run: true if its only effects are
    /// objects whose names follow from its input. The engine may then continue the workflow before the output is durable, provided that a
    /// crash repeats only repeatable activities: it starts any other activity, and ends a turn, only once everything before is durable.
    /// Default false: the output is durable before the workflow sees it.
    /// </summary>
    public bool IsRepeatable { get; init; }
}
