using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Tests.Fakes;

/// <summary>An instance as the hub keeps it.</summary>
internal sealed class FakeInstance(string id, string name, string? input, DateTime createdAt)
{
    public string Id => id;

    public string Name => name;

    public DateTime CreatedAt { get; } = createdAt;

    /// <summary>Of the execution under way, as JSON.</summary>
    public string? Input { get; set; } = input;

    /// <summary>Counts executions: what comes from an earlier one is for nobody.</summary>
    public int Execution { get; set; }

    public DateTime ExecutionStartedAt { get; set; } = createdAt;

    public DateTime UpdatedAt { get; set; } = createdAt;

    /// <summary>What the execution asked for, in order.</summary>
    public List<FakeAction> Actions { get; } = [];

    /// <summary>What became of it, in order.</summary>
    public List<FakeEvent> History { get; } = [];

    /// <summary>The code in memory, where it is kept between events.</summary>
    public FakeOrchestrationContext? Session { get; set; }

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    public string? CustomStatus { get; set; }

    public string? Output { get; set; }

    public string? Failure { get; set; }

    public bool IsActive => Status is OrchestrationRuntimeStatus.Pending or OrchestrationRuntimeStatus.Running;

    public OrchestrationMetadata Metadata(bool withDetails) => new(name, id)
    {
        RuntimeStatus = Status,
        CreatedAt = CreatedAt,
        LastUpdatedAt = UpdatedAt,
        SerializedInput = withDetails ? Input : null,
        SerializedOutput = withDetails ? Output : null,
        SerializedCustomStatus = withDetails ? CustomStatus : null,
        FailureDetails = withDetails && Failure is not null ? new TaskFailureDetails("Some.Exception", Failure, null, null, null) : null,
    };
}
