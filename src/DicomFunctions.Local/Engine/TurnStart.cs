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

    /// <summary>How far a clock is set back without time going back with it.</summary>
    private static readonly TimeSpan SmallSetback = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The moment at which something begins now, after what began before it: later, though the clock stood still or was set back a little,
    /// since workflows make names of it. A clock that was far ahead and is put right is followed, or it would name things for years.
    /// </summary>
    public static DateTimeOffset NextMoment(DateTimeOffset previous, DateTimeOffset now) =>
        now <= previous && previous - now < SmallSetback ? previous.AddTicks(1) : now;
}
