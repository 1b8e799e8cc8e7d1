using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Tests.Fakes;

/// <summary>
/// Durable Functions in memory: it keeps the history of each orchestration, runs the code again from its start with every event (or keeps
/// it in memory, as extended sessions do), and fails an orchestration that does not ask for the same again.
/// </summary>
/// <param name="orchestrator">Orchestrator functions, by name.</param>
/// <param name="activity">Activity functions, by name and input.</param>
internal sealed class FakeTaskHub(
    Func<string, TaskOrchestrationContext, Task> orchestrator, Func<string, string, CancellationToken, Task<string>> activity) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FakeInstance> _instances = [];
    private Life _life = new(5);
    private DateTime _now;

    /// <summary>How many activities one process runs at once.</summary>
    public int MaxConcurrentActivities
    {
        init => _life = new Life(value);
    }

    /// <summary>Keeps orchestrator code in memory between events.</summary>
    public bool ExtendedSessions { get; init; }

    /// <summary>Ends the process after each event, and starts another.</summary>
    public bool DiesAfterEachEvent { get; init; }

    /// <summary>Starts an instance.</summary>
    /// <exception cref="InvalidOperationException">One of that id is under way.</exception>
    public void Start(string id, string name, object? input)
    {
        lock (_lock)
        {
            if (_instances.TryGetValue(id, out var known) && known.IsActive)
                throw new InvalidOperationException("An instance of that id already exists.");
            var instance = _instances[id] = new FakeInstance(id, name, JsonSerializer.Serialize(input), Now());
            _ = Task.Run(() => Begin(instance));
        }
    }

    public OrchestrationMetadata? Find(string id, bool withDetails)
    {
        lock (_lock)
            return _instances.GetValueOrDefault(id)?.Metadata(withDetails);
    }

    public IReadOnlyList<OrchestrationMetadata> All(OrchestrationQuery query)
    {
        lock (_lock)
        {
            return [.. _instances.Values
                .Where(instance => query.Statuses?.Contains(instance.Status) != false)
                .Select(instance => instance.Metadata(query.FetchInputsAndOutputs))];
        }
    }

    /// <summary>Ends an instance; false when it is not under way.</summary>
    public bool Terminate(string id, object? output)
    {
        lock (_lock)
        {
            if (!_instances.TryGetValue(id, out var instance) || !instance.IsActive)
                return false;
            instance.Output = JsonSerializer.Serialize(output);
            End(instance, OrchestrationRuntimeStatus.Terminated);
            return true;
        }
    }

    public bool Purge(string id)
    {
        lock (_lock)
            return _instances.Remove(id);
    }

    /// <summary>The process dies: activities are lost in mid-work. Another takes up what is not done.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _life.End();
            _life = new Life(_life.MaxConcurrentActivities);
            foreach (var instance in _instances.Values.Where(instance => instance.IsActive))
            {
                instance.Session = null;
                if (instance.Status == OrchestrationRuntimeStatus.Pending)
                    _ = Task.Run(() => Begin(instance));
                for (var i = 0; i < instance.Actions.Count; i++)
                {
                    if (!instance.History.Exists(happened => happened.Action == i))
                        Dispatch(instance, i);
                }
            }
        }
    }

    public void Dispose() => _life.End();

    private void Begin(FakeInstance instance)
    {
        lock (_lock)
        {
            if (instance.Status == OrchestrationRuntimeStatus.Pending)
                Advance(instance, null);
        }
    }

    /// <summary>Runs the code as far as it goes, and does what it asked for.</summary>
    private void Advance(FakeInstance instance, FakeEvent? happened)
    {
        instance.Status = OrchestrationRuntimeStatus.Running;
        while (instance.IsActive)
        {
            var code = Run(instance, happened);
            happened = null;
            if (!code.Actions.Take(instance.Actions.Count).SequenceEqual(instance.Actions))
            {
                instance.Failure = "The orchestration is not deterministic.";
                End(instance, OrchestrationRuntimeStatus.Failed);
                return;
            }

            instance.CustomStatus = code.CustomStatus;
            instance.UpdatedAt = Now();
            for (var i = instance.Actions.Count; i < code.Actions.Count; i++)
            {
                instance.Actions.Add(code.Actions[i]);
                if (code.Ended is null)
                    Dispatch(instance, i);
            }

            if (code.Ended is null)
                return;
            if (code.Ended.Exception?.InnerException is { } exception)
            {
                instance.Failure = exception.Message;
                End(instance, OrchestrationRuntimeStatus.Failed);
            }
            else if (code.Next is null)
            {
                End(instance, OrchestrationRuntimeStatus.Completed);
            }
            else
            {
                ContinueAsNew(instance, code.Next);
            }
        }
    }

    private FakeOrchestrationContext Run(FakeInstance instance, FakeEvent? happened)
    {
        if (instance.Session is { } session)
        {
            if (happened is not null)
                session.Deliver(happened);
            return session;
        }

        var code = new FakeOrchestrationContext(instance.Id, instance.Name, instance.Input, instance.ExecutionStartedAt);
        code.Start(context => orchestrator(instance.Name, context));
        foreach (var past in instance.History)
        {
            if (past.Action < code.Actions.Count && code.Ended is null)
                code.Deliver(past);
        }

        instance.Session = ExtendedSessions ? code : null;
        return code;
    }

    private void ContinueAsNew(FakeInstance instance, string input)
    {
        instance.Execution++;
        instance.Input = input;
        instance.ExecutionStartedAt = Now();
        instance.Actions.Clear();
        instance.History.Clear();
        instance.Session = null;
    }

    private void End(FakeInstance instance, OrchestrationRuntimeStatus status)
    {
        instance.Execution++;
        instance.Status = status;
        instance.UpdatedAt = Now();
        instance.Session = null;
    }

    private void Dispatch(FakeInstance instance, int number)
    {
        var (life, execution, action) = (_life, instance.Execution, instance.Actions[number]);
        _ = Task.Run(async () =>
        {
            var (result, failure) = await life.RunAsync(action, activity);
            lock (_lock)
            {
                if (life != _life || execution != instance.Execution)
                    return;
                var now = Now();
                var happened = new FakeEvent(now > action.FireAt ? now : action.FireAt ?? now, number, result, failure);
                _now = happened.At;
                instance.History.Add(happened);
                Advance(instance, happened);
                if (DiesAfterEachEvent)
                    Restart();
            }
        });
    }

    /// <summary>Never the same twice.</summary>
    private DateTime Now()
    {
        var now = DateTime.UtcNow;
        return _now = now > _now ? now : _now.AddTicks(1);
    }

    /// <summary>What dies with the process.</summary>
    private sealed class Life(int maxConcurrentActivities)
    {
        private readonly SemaphoreSlim _slots = new(maxConcurrentActivities);
        private readonly CancellationTokenSource _end = new();

        public int MaxConcurrentActivities => maxConcurrentActivities;

        public void End() => _end.Cancel();

        public async Task<(string? Result, string? Failure)> RunAsync(
            FakeAction action, Func<string, string, CancellationToken, Task<string>> activity)
        {
            try
            {
                if (action.FireAt is { } fireAt)
                {
                    var wait = fireAt - DateTime.UtcNow;
                    await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _end.Token);
                    return (null, null);
                }

                await _slots.WaitAsync(_end.Token);
                try
                {
                    var input = JsonSerializer.Deserialize<string>(action.Input!)!;
                    return (JsonSerializer.Serialize(await activity(action.Activity!, input, _end.Token)), null);
                }
                finally
                {
                    _slots.Release();
                }
            }
            catch (Exception exception)
            {
                return (null, exception.Message);
            }
        }
    }
}
