using System.Collections.Concurrent;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Testing;

/// <summary>
/// An engine without a journal: it runs workflows as an engine does (JSON in and out, one thread of workflow code an instance,
/// activities side by side and tried again), and forgets them with the process.
/// </summary>
/// <param name="catalog">Asked for when the first workflow starts: the catalog's services may need the engine.</param>
/// <param name="time">What workflows take for the time.</param>
internal sealed class InProcessEngine(Func<WorkflowCatalog> catalog, TimeProvider time) : IWorkflowEngine
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Instance> _instances = [];
    private readonly Lazy<WorkflowCatalog> _catalog = new(catalog);

    /// <summary>Executions of an activity in all.</summary>
    public int MaxAttempts { get; set; } = 2;

    /// <summary>The names of activities executed, in the order they began.</summary>
    public ConcurrentQueue<string> Executions { get; } = new();

    /// <summary>Called before a workflow begins; throws what the engine is to fail with.</summary>
    public Action? OnStart { get; set; }

    /// <summary>Called once a workflow has begun; throws what its answer is lost by.</summary>
    public Action? AfterStart { get; set; }

    /// <summary>Waited for before the engine tells of an instance.</summary>
    public Func<Task>? OnGet { get; set; }

    public Task<bool> StartAsync<TState>(WorkflowRef<TState> workflow, string instanceId, TState state, CancellationToken cancellationToken)
    {
        OnStart?.Invoke();
        var json = System.Text.Json.JsonSerializer.Serialize(state, workflow.State);
        lock (_lock)
        {
            if (_instances.TryGetValue(instanceId, out var known) && known.IsActive)
                return Task.FromResult(false);
            var instance = new Instance(this, instanceId, workflow.Name);
            _instances[instanceId] = instance;
            instance.Begin(json);
        }

        AfterStart?.Invoke();
        return Task.FromResult(true);
    }

    public async Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (OnGet is { } wait)
            await wait();
        return Find(instanceId)?.Status;
    }

    public async Task<WorkflowStatus?> WaitAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (Find(instanceId) is not { } instance)
            return null;
        await instance.Ended.WaitAsync(cancellationToken);
        return instance.Status;
    }

    public Task<bool> TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) =>
        Task.FromResult(Find(instanceId)?.End(WorkflowState.Terminated, reason) ?? false);

    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_instances.TryGetValue(instanceId, out var known) && !known.IsActive && _instances.Remove(instanceId));
    }

    /// <summary>Completes once no instance of now is under way any more.</summary>
    public Task WaitForAllAsync()
    {
        lock (_lock)
            return Task.WhenAll(_instances.Values.Select(instance => instance.Ended));
    }

    private Instance? Find(string instanceId)
    {
        lock (_lock)
            return _instances.GetValueOrDefault(instanceId);
    }

    private sealed class Instance : IWorkflowContext
    {
        private readonly InProcessEngine _engine;
        private readonly string _workflow;
        private readonly DateTimeOffset _createdAt;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile JobProgress? _progress;
        private string? _failure;
        private int _state = (int)WorkflowState.Pending;

        public Instance(InProcessEngine engine, string id, string workflow)
        {
            (_engine, InstanceId, _workflow) = (engine, id, workflow);
            _createdAt = UtcNow = engine.Now;
        }

        public string InstanceId { get; }

        public DateTimeOffset UtcNow { get; private set; }

        public Task Ended => _ended.Task;

        public bool IsActive => (WorkflowState)Volatile.Read(ref _state) is WorkflowState.Pending or WorkflowState.Running;

        public WorkflowStatus Status => new()
        {
            InstanceId = InstanceId,
            Name = _workflow,
            State = (WorkflowState)Volatile.Read(ref _state),
            CreatedAt = _createdAt,
            UpdatedAt = _engine.Now,
            Progress = _progress,
            Failure = _failure,
        };

        public void Begin(string state) =>
            // Workflow code awaits without ConfigureAwait: on a scheduler of its own it stays on one thread at a time.
            Task.Factory.StartNew(
                () => RunAsync(state), CancellationToken.None, TaskCreationOptions.None,
                new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);

        public bool End(WorkflowState state, string? failure)
        {
            if (!IsActive)
                return false;
            _failure = failure;
            Volatile.Write(ref _state, (int)state);
            _ended.TrySetResult();
            return true;
        }

        public async Task<TOut> CallAsync<TIn, TOut>(ActivityRef<TIn, TOut> activity, TIn input)
        {
            var json = System.Text.Json.JsonSerializer.Serialize(input, activity.Input);
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await WhileActiveAsync();
                    _engine.Executions.Enqueue(activity.Name);
                    var output = await Task.Run(() => _engine._catalog.Value.RunActivityAsync(activity.Name, json, CancellationToken.None));
                    await WhileActiveAsync();
                    UtcNow = _engine.Now;
                    return System.Text.Json.JsonSerializer.Deserialize(output, activity.Output)!;
                }
                catch (Exception exception) when (attempt >= _engine.MaxAttempts)
                {
                    throw new ActivityFailedException(
                        $"{activity.Name} failed: {exception.GetType().Name}: {exception.Message}", exception);
                }
                catch (Exception)
                {
                    // Tried again at once.
                }
            }
        }

        public async Task DelayAsync(TimeSpan delay)
        {
            await Task.Delay(delay, _engine.Time);
            UtcNow = _engine.Now;
        }

        /// <summary>A workflow that was ended gets no further.</summary>
        private Task WhileActiveAsync() => IsActive ? Task.CompletedTask : new TaskCompletionSource().Task;

        public void ReportProgress(JobProgress progress) => _progress = progress;

        private async Task RunAsync(string state)
        {
            // Unless it was ended meanwhile.
            Interlocked.CompareExchange(ref _state, (int)WorkflowState.Running, (int)WorkflowState.Pending);
            try
            {
                while (IsActive)
                {
                    var turn = await _engine._catalog.Value.RunTurnAsync(_workflow, this, state);
                    state = turn.State;
                    if (turn.IsDone)
                        break;
                }

                End(WorkflowState.Completed, failure: null);
            }
            catch (Exception exception)
            {
                End(WorkflowState.Failed, exception.Message);
            }
        }
    }

    private TimeProvider Time => time;

    /// <summary>Never the same twice: an engine's events follow one another.</summary>
    private DateTimeOffset Now
    {
        get
        {
            lock (_lock)
            {
                var now = time.GetUtcNow();
                return _last = now > _last ? now : _last.AddTicks(1);
            }
        }
    }

    private DateTimeOffset _last;
}
