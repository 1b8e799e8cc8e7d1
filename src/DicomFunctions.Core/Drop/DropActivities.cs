using System.Text.Json.Serialization;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Drop;

/// <summary>The activities of the drop workflow.</summary>
public static class DropActivities
{
    /// <summary>The one instance there is.</summary>
    public const string InstanceId = "drop";

    /// <summary>Makes a job, under the id given, of the files now in the folder.</summary>
    public static ActivityRef<string, DropRound> Collect { get; } = new("CollectDrop", DropJson.Default.String, DropJson.Default.DropRound);

    /// <summary>Removes what the job given stored, and moves what failed. Out: the job's id; an empty text when all files stay as they were.</summary>
    /// <remarks>Histories of running instances hold the name: it cannot change with the class.</remarks>
    public static ActivityRef<string, string> Clear { get; } = new("SettleDrop", DropJson.Default.String, DropJson.Default.String);

    /// <summary>Tells one state of the folder from another. In: the instance.</summary>
    public static ActivityRef<string, string> Look { get; } = new("LookIntoDrop", DropJson.Default.String, DropJson.Default.String);

    public static WorkflowRef<DropState> Workflow { get; } = new("DropWorkflow", DropJson.Default.DropState);

    internal static WorkflowCatalog AddDrop(this WorkflowCatalog catalog) => catalog
        .AddWorkflow(Workflow, new DropWorkflow())
        .AddActivity<CollectDrop, string, DropRound>(Collect)
        .AddActivity<ClearDrop, string, string>(Clear)
        .AddActivity<LookIntoDrop, string, string>(Look);
}

/// <summary>The JSON of the drop workflow.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DropState))]
[JsonSerializable(typeof(DropRound))]
[JsonSerializable(typeof(DropError))]
[JsonSerializable(typeof(string))]
internal sealed partial class DropJson : JsonSerializerContext;
