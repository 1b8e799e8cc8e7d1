using System.Text.Json.Serialization;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Drop;

/// <summary>The activities of the drop workflow.</summary>
internal static class DropActivities
{
    /// <summary>The id of the only instance.</summary>
    public const string InstanceId = "drop";

    public const string WorkflowName = "DropWorkflow";

    public const string CollectName = "CollectDrop";

    /// <summary>Histories of running instances hold the name, so it cannot change with the class.</summary>
    public const string ClearName = "SettleDrop";

    public const string LookName = "LookIntoDrop";

    /// <summary>Creates a job of the files now in the folder. Input: its id.</summary>
    public static ActivityRef<string, DropRound> Collect { get; } = new(CollectName, DropJson.Default.String, DropJson.Default.DropRound);

    /// <summary>
    /// Removes stored files and moves failed ones. Input: the job's id. Output: the same, or empty if all files stay as they were.
    /// </summary>
    public static ActivityRef<string, string> Clear { get; } = new(ClearName, DropJson.Default.String, DropJson.Default.String);

    /// <summary>Computes a hash of the folder's state. Input: the instance's id.</summary>
    public static ActivityRef<string, string> Look { get; } = new(LookName, DropJson.Default.String, DropJson.Default.String);

    public static WorkflowRef<DropState> Workflow { get; } = new(WorkflowName, DropJson.Default.DropState);

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
