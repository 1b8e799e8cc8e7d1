using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>One leg of a job: keeps its workers busy until every input handed out has a record. Deterministic workflow code.</summary>
internal sealed class JobLeg
{
    /// <summary>The most runs in a leg, which limits the engine's history.</summary>
    private const int MaxRuns = 500;

    /// <summary>A leg ends before its part has this many blocks, of which Azure commits at most 50,000.</summary>
    private const int MaxBlocks = 20_000;

    /// <summary>Batches per worker in a job's first leg, whose pace is not known.</summary>
    private const int FirstRounds = 250;

    /// <summary>A leg that takes this many times longer than planned ends with the inputs handed out.</summary>
    private const double Patience = 1.5;

    /// <summary>How long one worker tries alone to finish a small job.</summary>
    private static readonly TimeSpan Trial = TimeSpan.FromMilliseconds(200);

    private readonly IWorkflowContext _context;
    private readonly JobState _state;
    private readonly JobPlan _plan;
    private readonly HandOut _inputs;
    private readonly List<Task> _runs = [];
    private readonly SortedList<long, RunResult> _results = [];
    private readonly DateTimeOffset _started;
    private JobCounts _counts;
    private int _inFlight;
    private int _blocks;
    private bool _isStopped;
    private bool _isCancelled;

    public JobLeg(IWorkflowContext context, JobState state)
    {
        (_context, _state, _plan, _counts, _started) = (context, state, state.Plan!, state.Counts, context.UtcNow);
        _inputs = new HandOut(_plan, state.Next, Math.Min(_plan.Inputs, state.Next + Length(state)), state.Pace);
    }

    /// <summary>Runs the leg and returns its commit.</summary>
    public async Task<LegCommit> RunAsync()
    {
        ReportProgress();
        if (_state.Next == 0 && _plan is { IsSmall: true, Window: > 1 } && _plan.ActivityTime > Trial)
            Start(Trial);
        else
            StartAll();
        // A run that ends starts another, which is appended. All runs in flight are awaited even if one fails.
        Exception? failure = null;
        for (var i = 0; i < _runs.Count; i++)
        {
            try
            {
                await _runs[i];
            }
            catch (ActivityFailedException exception)
            {
                failure ??= exception;
            }
        }

        if (failure is not null)
            throw new ActivityFailedException(failure.Message, failure);
        return new LegCommit
        {
            Part = _state.Parts,
            Runs = [.. _results.Select(run => new[] { run.Key - _state.Next, run.Value.Execution, run.Value.Blocks })],
            After = After(),
        };
    }

    /// <summary>The number of inputs that should take <see cref="JobPlan.LegTime"/> at the pace of the leg before.</summary>
    private static long Length(JobState state)
    {
        var plan = state.Plan!;
        var round = (long)plan.Window * plan.BatchSize;
        if (plan.LegTime == TimeSpan.Zero)
            return round;
        var isOneBatch = plan.ActivityTime == TimeSpan.Zero;
        if (state.Pace <= 0)
            return isOneBatch ? Math.Min(FirstRounds * round, MaxRuns * (long)plan.BatchSize) : FirstRounds * round;
        var run = isOneBatch ? plan.BatchSize : Math.Max(1, state.Pace * plan.ActivityTime.TotalSeconds);
        return (long)Math.Clamp(state.Pace * plan.Window * plan.LegTime.TotalSeconds, 1, Math.Min(MaxRuns * run, int.MaxValue));
    }

    private void StartAll()
    {
        while (!_isStopped && _inFlight < _plan.Window && Start(limit: null))
        {
        }
    }

    private bool Start(TimeSpan? limit)
    {
        if (!_inputs.TryTake(isAlone: limit is not null, out var first, out var count))
            return false;
        _inFlight++;
        _runs.Add(RunAsync(first, count, limit ?? _inputs.LimitFor(count)));
        if (_runs.Count == MaxRuns)
            _inputs.Close();
        return true;
    }

    private async Task RunAsync(long first, long count, TimeSpan? limit)
    {
        try
        {
            Take(first, count, await _context.CallAsync(JobActivities.Run, new RunRequest
            {
                JobId = _state.JobId,
                Part = _state.Parts,
                Block = (int)(first - _state.Next),
                First = first,
                Count = count,
                Limit = limit,
            }));
        }
        catch (ActivityFailedException)
        {
            _isStopped = true;
            throw;
        }

        _inFlight--;
        StartAll();
    }

    private void Take(long first, long count, RunResult result)
    {
        if (result.Refusal is { } refusal)
            throw new ActivityFailedException(refusal);
        _isCancelled |= result.IsCancelled;
        _isStopped |= result.IsCancelled;
        _inputs.Return(first, count, result.Worked, TimeSpan.FromMilliseconds(result.ElapsedMs));
        if (result.Worked > 0)
            _results.Add(first, result);
        _blocks += result.Blocks;
        if (_blocks >= MaxBlocks || (_plan.LegTime > TimeSpan.Zero && _context.UtcNow - _started >= _plan.LegTime * Patience))
            _inputs.Close();
        _counts = _counts.Plus(result.Counts);
        ReportProgress();
    }

    private JobState After() => _state with
    {
        Next = _inputs.Reached,
        Pace = _inputs.Pace,
        Parts = _state.Parts + (_results.Count > 0 ? 1 : 0),
        PartRecords = PartRecords(),
        Counts = _counts,
        Cancelled = _isCancelled,
        NotAttempted = _isCancelled ? Gaps() : [],
    };

    /// <summary>The records of each part with this leg's, as long as all earlier ones are counted and they are not too many.</summary>
    private IReadOnlyList<long[]> PartRecords()
    {
        var before = _state.PartRecords;
        if (_results.Count == 0 || before.Count != _state.Parts || before.Count == JobState.MaxPartsCounted)
            return before;
        var failed = _counts.Failed - _state.Counts.Failed;
        var elapsed = (long)Math.Max(0, (_context.UtcNow - (_state.StartedAt ?? _started)).TotalMilliseconds);
        return [.. before, [_counts.Succeeded - _state.Counts.Succeeded + failed, failed, elapsed]];
    }

    private void ReportProgress() => _context.ReportProgress(JobWorkflow.ProgressOf(_state, _counts, _inputs.End));

    /// <summary>The inputs that no run processed, from the leg's first to the job's last.</summary>
    private List<long[]> Gaps()
    {
        List<long[]> gaps = [];
        var at = _state.Next;
        foreach (var (first, result) in _results)
        {
            Add(first);
            at = first + result.Worked;
        }

        Add(_plan.Inputs);
        return gaps;

        void Add(long end)
        {
            if (end > at)
                gaps.Add([at, end - at]);
        }
    }
}
