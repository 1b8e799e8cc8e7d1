namespace DicomFunctions.Local.Engine;

/// <summary>
/// Runs activities, up to a maximum at once. Instances take turns, and the calls of one instance start in the order it made them, so that
/// an instance with thousands of calls does not hold up the others.
/// </summary>
/// <param name="maxConcurrent">The most activities at once.</param>
/// <param name="run">Runs one activity and reports to its instance; never throws.</param>
internal sealed class ActivityPump(int maxConcurrent, Func<Instance, Call, Task> run)
{
    [ThreadStatic]
    private static ActivityPump? _worker;

    private readonly Lock _lock = new();
    private readonly Queue<Instance> _ready = new();
    private readonly TaskCompletionSource _whenIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _isStopped;

    /// <summary>Queues a call, to run in its turn.</summary>
    public void Enqueue(Instance instance, Call call)
    {
        lock (_lock)
        {
            instance.Waiting.Enqueue(call);
            if (instance.Waiting.Count == 1)
                _ready.Enqueue(instance);
            // The worker that delivered the event behind this call looks for work next, so there is no need to start another.
            if (_worker != this)
                TryStartWorker();
        }
    }

    /// <summary>Runs a worker's action between two activities; the worker may run the calls that the action enqueues.</summary>
    public void AsWorker(Action action)
    {
        _worker = this;
        try
        {
            action();
        }
        finally
        {
            _worker = null;
        }
    }

    /// <summary>Starts no further activity; completes when none is running.</summary>
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
