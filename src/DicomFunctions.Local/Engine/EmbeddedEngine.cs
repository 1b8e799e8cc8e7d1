using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Telemetry;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// An engine in this process, with one journal per instance in a directory. Running instances continue after a crash at any moment.
/// </summary>
/// <remarks>
/// After a crash a turn runs again from its start, except for the activities in its journal. Activities run at least once. Every journal
/// line is synced before anyone outside can know of it, in rounds that all instances share.
/// </remarks>
internal sealed class EmbeddedEngine : IWorkflowEngine, IHostedService, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string[]> _dormant = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly WorkflowCatalog _catalog;
    private readonly EmbeddedEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly EngineFiles _files;
    private readonly JournalFlusher _flusher;
    private readonly ActivityPump _pump;
    private readonly EngineLog _log;
    private readonly InstanceHost _host;
    private readonly Lock _lock = new();
    private DataDirectoryLock? _directoryLock;
    private Task? _stopped;

    public EmbeddedEngine(WorkflowCatalog catalog, EmbeddedEngineOptions options, TimeProvider time, ILogger<EmbeddedEngine> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentActivities, 1);
        (_catalog, _options, _time, _log) = (catalog, options, time, new EngineLog(logger));
        _files = new EngineFiles(Path.GetFullPath(options.Directory));
        _flusher = new JournalFlusher(options.SyncEffects, options.SyncInterval);
        _pump = new ActivityPump(options.MaxConcurrentActivities, RunActivityAsync);
        _host = new InstanceHost
        {
            Catalog = catalog,
            Files = _files,
            Flusher = _flusher,
            Pump = _pump,
            Time = time,
            Log = _log,
            Remove = instance => _instances.TryRemove(KeyValuePair.Create(instance.Id, instance)),
            Stopping = _stopping.Token,
        };
    }

    /// <summary>Locks the directory and continues all instances in it.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process uses the directory.</exception>
    /// <exception cref="ObjectStoreException">The directory cannot be used.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var directory = Path.GetFullPath(_options.Directory);
        FileCalls.Run("make the engine's folder", () => Directory.CreateDirectory(directory));
        lock (_lock)
        {
            if (_directoryLock is not null || _stopped is not null)
                throw new InvalidOperationException("An engine can be started only once.");
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
    /// Cancels running activities and waits for them as long as <see cref="EmbeddedEngineOptions.StopTimeout"/> and
    /// <paramref name="cancellationToken"/> allow, makes everything durable, and releases the directory.
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
    /// <exception cref="ArgumentException">The id is invalid, or the workflow is not in the catalog.</exception>
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
        var now = _time.GetUtcNow();
        if (_files.ReadEnded(instanceId) is { } ended)
            now = TurnStart.NextMoment(ended.CreatedAt, now); // The time distinguishes the instance from the previous one with this id.
        var start = new TurnStart
        {
            InstanceId = instanceId,
            Workflow = workflow.Name,
            Turn = 0,
            CreatedAt = now,
            At = now,
            Trace = Traces.Parent,
            State = json,
        };
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
            Wake(instanceId); // It then fails.
        }

        // The end of an instance is written before the instance is removed, so it is always found in one of the two.
        return _instances.TryGetValue(instanceId, out var instance) && !instance.Ended.IsCompleted
            ? instance.Status
            : _files.ReadEnded(instanceId);
    }

    /// <summary>Continues an instance that was not resumed at the start.</summary>
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
            var now = _time.GetUtcNow();
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
            Activity.Current = call.Turn.Span;
            content = await _catalog.RunActivityAsync(call.Activity!, call.Input, call, _stopping.Token).ConfigureAwait(false);
            kind = JournalEventKind.Completed;
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return; // Not a failure of the activity: it runs again at the next start.
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

            content = $"Activity '{call.Activity}' failed {call.Attempts} times. Last failure: {reason}";
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
