namespace DicomFunctions.Core.Storage.Directories;

/// <summary>
/// Lets concurrent callers share one sync, which costs the same for one write as for a hundred.
/// </summary>
/// <param name="sync">Makes everything written before the call durable. Never called concurrently.</param>
internal sealed class GroupSync(Action sync)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;
    private bool _isRunning;

    /// <summary>Completes when a sync that started after this call has ended.</summary>
    public Task JoinAsync()
    {
        lock (_lock)
        {
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isRunning)
            {
                _isRunning = true;
                ThreadPool.UnsafeQueueUserWorkItem(static me => me.Run(), this, preferLocal: false);
            }

            return _next.Task;
        }
    }

    private void Run()
    {
        while (true)
        {
            TaskCompletionSource round;
            lock (_lock)
            {
                if (_next is null)
                {
                    _isRunning = false;
                    return;
                }

                (round, _next) = (_next, null);
            }

            try
            {
                sync();
                round.SetResult();
            }
            catch (Exception exception)
            {
                round.SetException(exception);
            }
        }
    }
}
