using System.Collections.Concurrent;
using System.Text.Json;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// An engine in this process, with a journal per instance in a directory: what is under way goes on after a crash at any moment.
/// </summary>
/// <remarks>
/// A turn is run again from its start, and what is in its journal is not done again. Activities run at least once. Every journal
/// line is synced before anybody outside can know of it, in rounds shared by all instances.
/// </remarks>
public sealed class EmbeddedEngine : IWorkflowEngine, IHostedService, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string[]> _dormant = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly WorkflowCatalog _catalog;
    private readonly EmbeddedEngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly EngineFiles _files;
    private readonly JournalFlusher _flusher;
    private readonly ActivityPump _pump;
    private readonly EngineLog _log;
    private readonly InstanceHost _host;
    private readonly Lock _lock = new();
    private DataDirectoryLock? _directoryLock;
    private Task? _stopped;

    public EmbeddedEngine(WorkflowCatalog catalog, EmbeddedEngineOptions options, TimeProvider clock, ILogger<EmbeddedEngine> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentActivities, 1);
        (_catalog, _options, _clock, _log) = (catalog, options, clock, new EngineLog(logger));
        _files = new EngineFiles(Path.GetFullPath(options.Directory));
        _flusher = new JournalFlusher(options.SyncEffects, options.SyncInterval);
        _pump = new ActivityPump(options.MaxConcurrentActivities, RunActivityAsync);
        _host = new InstanceHost
        {
            Catalog = catalog,
            Files = _files,
            Flusher = _flusher,
            Pump = _pump,
            Clock = clock,
            Log = _log,
            Remove = instance => _instances.TryRemove(KeyValuePair.Create(instance.Id, instance)),
            Stopping = _stopping.Token,
        };
    }

    /// <summary>Takes the data directory and goes on with all instances in it.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has the directory.</exception>
    /// <exception cref="ObjectStoreException">The directory can not be used.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var directory = Path.GetFullPath(_options.Directory);
        FileCalls.Run("make the engine's folder", () => Directory.CreateDirectory(directory));
        lock (_lock)
        {
            if (_directoryLock is not null || _stopped is not null)
                throw new InvalidOperationException("An engine is started once.");
            _directoryLock = DataDirectoryLock.Take(directory);
        }

        _files.Prepare();
        foreach (var journals in _files.ActiveJournals())
        {
            if (_options.Resumes?.Invoke(journals.Key) != false)
                Load(journals.Key, journals);
            else
                _dormant[journals.Key] = [.. journals];
        }

        _log.Started(directory, _instances.Count, _options.MaxConcurrentActivities);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Cancels running activities and waits for them, as long as <see cref="EmbeddedEngineOptions.StopTimeout"/> and
    /// <paramref name="cancellationToken"/> allow, makes everything durable, and lets go of the directory.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _stopped ??= StopOnceAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">That can not be an instance's id, or the workflow is not in the catalog.</exception>
    public async Task<bool> StartAsync<TState>(
        WorkflowRef<TState> workflow, string instanceId, TState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        InstanceId.Validate(instanceId);
        CheckRunning();
        cancellationToken.ThrowIfCancellationRequested();
        if (!_catalog.Workflows.Contains(workflow.Name))
            throw new ArgumentException($"There is no workflow named '{workflow.Name}'.", nameof(workflow));

        Wake(instanceId);
        var json = JsonSerializer.Serialize(state, workflow.State);
        var now = _clock.GetUtcNow();
        if (_files.ReadEnded(instanceId) is { } ended)
            now = TurnStart.NextMoment(ended.CreatedAt, now); // Its time tells it from the one before.
        var start = new TurnStart { InstanceId = instanceId, Workflow = workflow.Name, Turn = 0, CreatedAt = now, At = now, State = json };
        var instance = new Instance(_host, start);
        if (!_instances.TryAdd(instanceId, instance))
            return false;
        try
        {
            CheckRunning();
            await instance.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            _instances.TryRemove(KeyValuePair.Create(instanceId, instance));
            throw;
        }

        return true;
    }

    /// <inheritdoc/>
    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken)
    {
        InstanceId.Validate(instanceId);
        CheckRunning();
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Find(instanceId));
    }

    /// <inheritdoc/>
    public async Task<WorkflowStatus?> WaitAsync(string instanceId, CancellationToken cancellationToken)
    {
        InstanceId.Validate(instanceId);
        CheckRunning();
        Wake(instanceId);
        if (_instances.TryGetValue(instanceId, out var instance))
            await instance.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Find(instanceId);
    }

    /// <inheritdoc/>
    public Task<bool> TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken)
    {
        InstanceId.Validate(instanceId);
        ArgumentNullException.ThrowIfNull(reason);
        CheckRunning();
        cancellationToken.ThrowIfCancellationRequested();
        Wake(instanceId);
        return _instances.TryGetValue(instanceId, out var instance) ? instance.TerminateAsync(reason) : Task.FromResult(false);
    }

    /// <inheritdoc/>
    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        InstanceId.Validate(instanceId);
        CheckRunning();
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(!_instances.ContainsKey(instanceId) && !_dormant.ContainsKey(instanceId) && _files.DeleteEnded(instanceId));
    }

    private WorkflowStatus? Find(string instanceId)
    {
        try
        {
            if (_dormant.TryGetValue(instanceId, out var journals) && _files.ReadJournal(instanceId, journals) is { } content)
                return new Instance(_host, content.Start).StatusAfter(content.Events);
        }
        catch (JournalCorruptException)
        {
            Wake(instanceId); // To its failure.
        }

        // An instance that ends is written as ended before it is removed, so one is found here or there.
        return _instances.TryGetValue(instanceId, out var instance) && !instance.Ended.IsCompleted
            ? instance.Status
            : _files.ReadEnded(instanceId);
    }

    /// <summary>Goes on with an instance after all that was left as it was at the start.</summary>
    private void Wake(string instanceId)
    {
        lock (_lock)
        {
            if (_dormant.TryGetValue(instanceId, out var journals))
                Load(instanceId, journals);
            _dormant.TryRemove(instanceId, out _);
        }
    }

    private void CheckRunning()
    {
        if (_directoryLock is null || _stopped is not null)
            throw new InvalidOperationException("The engine is not running.");
    }

    private void Load(string id, IEnumerable<string> journals)
    {
        try
        {
            if (_files.ReadJournal(id, journals) is not { } content)
                return;
            var instance = _instances[id] = new Instance(_host, content.Start);
            instance.Resume(content);
        }
        catch (JournalCorruptException exception)
        {
            var now = _clock.GetUtcNow();
            var start = new TurnStart { InstanceId = id, Workflow = "", Turn = 0, CreatedAt = now, At = now, State = "" };
            var instance = _instances[id] = new Instance(_host, start);
            instance.Fail(exception.Message);
        }
    }

    private async Task RunActivityAsync(Instance instance, Call call)
    {
        JournalEventKind kind;
        string content;
        try
        {
            call.Attempts++;
            content = await _catalog.RunActivityAsync(call.Activity!, call.Input, call, _stopping.Token).ConfigureAwait(false);
            kind = JournalEventKind.Completed;
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return; // No failure of its own: it runs again at the next start.
        }
        catch (Exception exception)
        {
            var reason = FailureText.Of(exception);
            if (call.Attempts < _options.ActivityRetry.MaxAttempts && _catalog.Activities.Contains(call.Activity!))
            {
                var delay = _options.ActivityRetry.DelayAfter(call.Attempts);
                _log.Retries(instance.Id, call.Activity!, reason, call.Attempts, delay);
                _host.After(delay, () => _pump.Enqueue(instance, call), call.Turn.Over);
                return;
            }

            content = $"Activity '{call.Activity}' failed {call.Attempts} times, at last with: {reason}";
            kind = JournalEventKind.Failed;
        }

        _pump.AsWorker(() => instance.Complete(call, kind, content));
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        var idle = _pump.StopAsync();
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await idle.WaitAsync(_options.StopTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _log.StoppedHard();
        }

        await _flusher.DisposeAsync().ConfigureAwait(false);
        foreach (var (_, instance) in _instances)
            instance.Stop();
        _directoryLock?.Dispose();
    }
}
