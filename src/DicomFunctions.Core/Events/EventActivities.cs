using System.Text.Json.Serialization;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Events;

/// <summary>The activities of the events workflow.</summary>
internal static class EventActivities
{
    /// <summary>The id of the only instance.</summary>
    public const string InstanceId = "events";

    public const string WorkflowName = "EventsWorkflow";
    public const string SendName = "SendEvents";
    public const string LookName = "LookIntoOutbox";

    /// <summary>Sends what is in the outbox. Input: how many rounds in a row have left events behind.</summary>
    public static ActivityRef<int, EventsRound> Send { get; } = new(SendName, EventJson.Default.Int32, EventJson.Default.EventsRound);

    /// <summary>Computes a hash of the events in the outbox. Input: the instance's id.</summary>
    public static ActivityRef<string, string> Look { get; } = new(LookName, EventJson.Default.String, EventJson.Default.String);

    public static WorkflowRef<EventsState> Workflow { get; } = new(WorkflowName, EventJson.Default.EventsState);

    internal static WorkflowCatalog AddEvents(this WorkflowCatalog catalog) => catalog
        .AddWorkflow(Workflow, new EventsWorkflow())
        .AddActivity<SendEvents, int, EventsRound>(Send)
        .AddActivity<LookIntoOutbox, string, string>(Look);
}

/// <summary>The JSON of events and of their workflow.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(EventsState))]
[JsonSerializable(typeof(EventsRound))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
internal sealed partial class EventJson : JsonSerializerContext;
