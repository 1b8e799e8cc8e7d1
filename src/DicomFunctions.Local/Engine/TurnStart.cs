using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>The first line of a journal: the whole state of an instance at the start of a turn.</summary>
internal sealed record TurnStart
{
    public required string InstanceId { get; init; }

    public required string Workflow { get; init; }

    /// <summary>The number of the turn, from 0.</summary>
    public required int Turn { get; init; }

    /// <summary>When the instance was started; distinguishes two instances with the same id.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the turn began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The last progress reported in earlier turns.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>The <c>traceparent</c> of what started the instance; null if there is none.</summary>
    public string? Trace { get; init; }

    /// <summary>The state's JSON.</summary>
    public required string State { get; init; }

    /// <summary>The largest setback of the clock that workflow time does not follow.</summary>
    private static readonly TimeSpan SmallSetback = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The start time of something that begins now. It is later than the previous one even if the clock stood still or was set back a
    /// little, because workflows derive names from it. If a clock was far ahead and is corrected, time follows it, or else names would be
    /// wrong for years.
    /// </summary>
    public static DateTimeOffset NextMoment(DateTimeOffset previous, DateTimeOffset now) =>
        now <= previous && previous - now < SmallSetback ? previous.AddTicks(1) : now;
}
