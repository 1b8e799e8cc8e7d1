using System.Text.Json.Serialization.Metadata;

namespace DicomFunctions.Core.Workflow;

/// <summary>The name of an activity and the JSON of what goes in and comes out of it, the same on every engine.</summary>
public sealed record ActivityRef<TIn, TOut>(string Name, JsonTypeInfo<TIn> Input, JsonTypeInfo<TOut> Output)
{
    /// <summary>
    /// Whether it may be run again, with the same outcome, even after activities called later have run: true for one whose only
    /// effects are its own, kept under names that follow from its input. An engine may then let the workflow go on before the
    /// output is durable, as long as a crash repeats no more than repeatable activities: others start, and turns end, only once
    /// all before them is durable. Default: false, an output is durable before the workflow sees it.
    /// </summary>
    public bool IsRepeatable { get; init; }
}
