namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>
/// The inputs of a leg that nobody works yet. They are handed out lowest first, in shares that a worker should finish in time: what
/// it does not finish comes back and is handed out again.
/// </summary>
/// <param name="plan">Of the job.</param>
/// <param name="first">The leg's first input.</param>
/// <param name="end">The input after its last.</param>
/// <param name="pace">Inputs a second of one worker in the leg before; 0: unknown.</param>
internal sealed class HandOut(JobPlan plan, long first, long end, double pace)
{
    /// <summary>In seconds. A share that takes less time than this is not worth an activity.</summary>
    private const double ShortestRun = 0.2;

    /// <summary>Batches of a share while the pace is not known.</summary>
    private const int FirstBatches = 2;

    /// <summary>The pace is a guess: a share is at most this many times what a worker should do in one run, and may take as many times longer.</summary>
    private const double Headroom = 1.5;

    private readonly SortedDictionary<long, long> _returned = [];
    private long _end = end;
    private long _left = end - first;
    private long _worked;
    private TimeSpan _busy;

    /// <summary>The input after the last that was ever handed out: where the leg ends once it is closed.</summary>
    public long Reached { get; private set; } = first;

    /// <summary>Inputs a second of one worker, in this leg or, before it is known, the one before; 0: unknown.</summary>
    public double Pace => _worked > 0 && _busy > TimeSpan.Zero ? _worked / _busy.TotalSeconds : pace;

    /// <summary>Takes the lowest inputs not yet handed out, for one worker. False: there are none.</summary>
    /// <param name="isAlone">Whether the worker gets all of them, as no other is called upon.</param>
    /// <param name="input">The first.</param>
    /// <param name="count">How many.</param>
    public bool TryTake(bool isAlone, out long input, out long count)
    {
        (input, count) = (0, 0);
        if (_left == 0)
            return false;
        var share = isAlone ? _left : Share();
        if (_returned.Count > 0)
        {
            (input, var there) = _returned.First();
            _returned.Remove(input);
            count = Math.Min(share, there);
            if (count < there)
                _returned.Add(input + count, there - count);
        }
        else
        {
            input = Reached;
            count = Math.Min(share, _end - Reached);
            Reached += count;
        }

        _left -= count;
        return true;
    }

    /// <summary>
    /// How long a worker may take over a share, where that is less than a run: one that is slow gives back what others are free for.
    /// </summary>
    public TimeSpan? LimitFor(long count)
    {
        if (Pace <= 0 || plan.ActivityTime == TimeSpan.Zero)
            return null;
        var seconds = Math.Max(ShortestRun, Headroom * count / Pace);
        return seconds < plan.ActivityTime.TotalSeconds ? TimeSpan.FromMilliseconds(Math.Ceiling(1000 * seconds)) : null;
    }

    /// <summary>Takes note of a run: how many inputs it worked of those it was handed, and how long that took.</summary>
    public void Return(long input, long count, long worked, TimeSpan elapsed)
    {
        _worked += worked;
        _busy += elapsed;
        if (worked == count)
            return;
        _returned.Add(input + worked, count - worked);
        _left += count - worked;
    }

    /// <summary>Ends the leg before the inputs that were never handed out; those that came back still belong to it.</summary>
    public void Close()
    {
        _left -= _end - Reached;
        _end = Reached;
    }

    /// <summary>
    /// An even part of what is left, for each worker, whatever the others have: so shares shrink as the end comes near, and a slow worker
    /// holds little of it.
    /// </summary>
    private long Share()
    {
        var share = (_left + plan.Window - 1) / plan.Window;
        var (least, most) = (1L, (long)FirstBatches * plan.BatchSize);
        if (plan.ActivityTime == TimeSpan.Zero)
        {
            most = plan.BatchSize;
        }
        else if (Pace > 0)
        {
            least = Math.Max(1, (long)(Pace * ShortestRun));
            most = Math.Max(plan.BatchSize, (long)Math.Ceiling(Pace * Headroom * plan.ActivityTime.TotalSeconds));
        }

        share = Math.Min(Math.Max(share, least), most);
        // Whole batches, so that as many inputs as possible share requests.
        return share <= plan.BatchSize ? share : (share + plan.BatchSize - 1) / plan.BatchSize * plan.BatchSize;
    }
}
