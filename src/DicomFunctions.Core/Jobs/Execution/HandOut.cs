namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>
/// Hands out the inputs of a leg to workers, lowest first, in shares that a worker should finish in time. What it does not finish is
/// handed out again.
/// </summary>
/// <param name="plan">The job's plan.</param>
/// <param name="first">The leg's first input.</param>
/// <param name="end">The input after the leg's last.</param>
/// <param name="pace">Inputs per second of one worker in the leg before; 0 if not known.</param>
internal sealed class HandOut(JobPlan plan, long first, long end, double pace)
{
    /// <summary>The shortest share that is worth an activity, in seconds.</summary>
    private const double ShortestRun = 0.2;

    /// <summary>Batches in a share while the pace is not known.</summary>
    private const int FirstBatches = 2;

    /// <summary>
    /// Since the pace is a guess, a share may be this many times what a worker should do in one run, or take this many times longer.
    /// </summary>
    private const double Headroom = 1.5;

    private readonly SortedDictionary<long, long> _returned = [];
    private long _end = end;
    private long _left = end - first;
    private long _worked;
    private TimeSpan _busy;

    /// <summary>The input after the last one handed out, where the leg ends once it is closed.</summary>
    public long Reached { get; private set; } = first;

    /// <summary>The input after the leg's last.</summary>
    public long End => _end;

    /// <summary>Inputs per second of one worker, in this leg or, until that is known, in the one before; 0 if not known.</summary>
    public double Pace => _worked > 0 && _busy > TimeSpan.Zero ? _worked / _busy.TotalSeconds : pace;

    /// <summary>Takes the lowest inputs not handed out, for one worker. False if there are none.</summary>
    /// <param name="isAlone">Whether the worker gets all of them because it is the only one.</param>
    /// <param name="input">The first input.</param>
    /// <param name="count">The number of inputs.</param>
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
    /// How long a worker may take for a share if that is less than a run, so that a slow worker returns inputs that others are free for.
    /// </summary>
    public TimeSpan? LimitFor(long count)
    {
        if (Pace <= 0 || plan.ActivityTime == TimeSpan.Zero)
            return null;
        var seconds = Math.Max(ShortestRun, Headroom * count / Pace);
        return seconds < plan.ActivityTime.TotalSeconds ? TimeSpan.FromMilliseconds(Math.Ceiling(1000 * seconds)) : null;
    }

    /// <summary>Accounts for a run: how many of its inputs it processed, and how long that took.</summary>
    public void Return(long input, long count, long worked, TimeSpan elapsed)
    {
        _worked += worked;
        _busy += elapsed;
        if (worked == count)
            return;
        _returned.Add(input + worked, count - worked);
        _left += count - worked;
    }

    /// <summary>Ends the leg before the inputs never handed out. Those that were returned still belong to it.</summary>
    public void Close()
    {
        _left -= _end - Reached;
        _end = Reached;
    }

    /// <summary>
    /// An even part of what is left for each worker, whatever the others have, so that shares shrink towards the end and a slow worker
    /// holds few inputs.
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
