using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>The first line of a journal: all there is to know of an instance when a turn begins.</summary>
internal sealed record TurnStart
{
    public required string InstanceId { get; init; }

    public required string Workflow { get; init; }

    /// <summary>Which turn, from 0.</summary>
    public required int Turn { get; init; }

    /// <summary>When the instance was started; tells two instances of one id apart.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the turn began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The last progress told in the turns before.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>The state's JSON.</summary>
    public required string State { get; init; }
}
