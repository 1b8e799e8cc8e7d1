using DicomFunctions.Emulator.Statistics;

namespace DicomFunctions.Emulator.Faults;

/// <summary>The state of one store's faults: what has been drawn and counted.</summary>
internal sealed class FaultState(FaultOptions options)
{
    private static readonly FaultOptions None = new();
    private readonly Lock _gate = new();
    private readonly Random _random = new(options.Seed);
    private readonly bool _harmless = options with { Seed = None.Seed } == None;
    private int _failed;
    private bool _failedAtOffset;

    public FaultOptions Options => options;

    /// <summary>The faults of a kind of request: none if it is not affected.</summary>
    public FaultOptions Of(RequestKind kind) => IsAffected(kind) ? options : None;

    /// <summary>Draws the faults of the next request. <paramref name="offset"/> is the offset of a search, otherwise 0.</summary>
    public FaultPlan Next(RequestKind kind, int offset)
    {
        if (_harmless || !IsAffected(kind))
            return default;

        lock (_gate)
        {
            return new FaultPlan
            {
                Latency = options.Latency + (options.LatencyJitter * _random.NextDouble()),
                DropBefore = Draw(options.DropBeforeRate),
                Status = StatusOf(kind, offset),
                DropAfter = Draw(options.DropAfterRate),
                TruncateAfter = Draw(options.TruncateRate) ? options.TruncateAfterBytes ?? _random.Next(2000) : null,
                Html = options.AnswerHtml,
            };
        }
    }

    private bool IsAffected(RequestKind kind) => options.Kinds is not { Count: > 0 } kinds || kinds.Contains(kind);

    private int? StatusOf(RequestKind kind, int offset)
    {
        if (_failed < options.FailFirst)
        {
            _failed++;
            return options.FailStatus;
        }

        if (kind == RequestKind.Search && offset >= options.FailFromOffset)
            return options.FailStatus;

        if (kind == RequestKind.Search && offset == options.FailOnceAtOffset && !_failedAtOffset)
        {
            _failedAtOffset = true;
            return options.FailStatus;
        }

        return Draw(options.TooManyRequestsRate) ? 429
            : Draw(options.UnavailableRate) ? 503
            : Draw(options.InternalErrorRate) ? 500
            : Draw(options.UnauthorizedRate) ? 401
            : null;
    }

    // A rate of zero draws nothing, so that adding a kind of fault does not change the sequence of the others.
    private bool Draw(double rate) => rate > 0 && _random.NextDouble() < rate;
}
