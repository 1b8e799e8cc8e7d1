namespace DicomFunctions.Local.Engine;

/// <summary>
/// Runs activities, at most so many at once. Instances take turns, each giving its calls in the order it made them, so that one
/// with thousands holds up no other.
/// </summary>
/// <param name="maxConcurrent">Activities at once.</param>
/// <param name="run">Runs one and tells its instance; never throws.</param>
internal sealed class ActivityPump(int maxConcurrent, Func<Instance, Call, Task> run)
{
    [ThreadStatic]
    private static ActivityPump? t_worker;

    private readonly Lock _lock = new();
    private readonly Queue<Instance> _ready = new();
    private readonly TaskCompletionSource _whenIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _isStopped;

    /// <summary>Has a call run when it is its turn.</summary>
    public void Enqueue(Instance instance, Call call)
    {
        lock (_lock)
        {
            instance.Waiting.Enqueue(call);
            if (instance.Waiting.Count == 1)
                _ready.Enqueue(instance);
            // A worker that has just brought the news this call follows from will look for work next: no need to wake another.
            if (t_worker != this)
                TryStartWorker();
        }
    }

    /// <summary>Runs what a worker does between two activities: what it enqueues it may well take up itself.</summary>
    public void AsWorker(Action action)
    {
        t_worker = this;
        try
        {
            action();
        }
        finally
        {
            t_worker = null;
        }
    }

    /// <summary>Starts no activity from now on; completes when none runs.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _isStopped = true;
            if (_running == 0)
                _whenIdle.TrySetResult();
        }

        return _whenIdle.Task;
    }

    private void TryStartWorker()
    {
        if (_isStopped || _running >= maxConcurrent || _ready.Count == 0)
            return;
        _running++;
        ThreadPool.UnsafeQueueUserWorkItem(static me => _ = me.WorkAsync(), this, preferLocal: false);
    }

    private async Task WorkAsync()
    {
        while (TryTake(out var instance, out var call))
            await run(instance, call).ConfigureAwait(false);
    }

    private bool TryTake(out Instance instance, out Call call)
    {
        lock (_lock)
        {
            while (!_isStopped && _ready.TryDequeue(out instance!))
            {
                call = instance.Waiting.Dequeue();
                if (instance.Waiting.Count > 0)
                    _ready.Enqueue(instance);
                if (call.Turn.Over.IsCancellationRequested)
                    continue;
                TryStartWorker();
                return true;
            }

            _running--;
            if (_isStopped && _running == 0)
                _whenIdle.TrySetResult();
            (instance, call) = (null!, null!);
            return false;
        }
    }
}
