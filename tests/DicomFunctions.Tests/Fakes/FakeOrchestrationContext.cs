using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DicomFunctions.App.Tests.Fakes;

/// <summary>One run through an orchestrator's code, from its start, as far as the events told to it go.</summary>
internal sealed class FakeOrchestrationContext(string instanceId, string name, string? input, DateTime startedAt) : TaskOrchestrationContext
{
    private readonly OrchestratorThread _thread = new();
    private readonly List<TaskCompletionSource<FakeEvent>> _outcomes = [];
    private DateTime _now = startedAt;
    private Task? _code;

    /// <summary>All it asked for so far.</summary>
    public List<FakeAction> Actions { get; } = [];

    /// <summary>The custom status as JSON; an execution begins without one.</summary>
    public string? CustomStatus { get; private set; }

    /// <summary>The input of the next execution, if that was asked for.</summary>
    public string? Next { get; private set; }

    /// <summary>The code, once it has ended.</summary>
    public Task? Ended => _code is { IsCompleted: true } ? _code : null;

    public override TaskName Name => new(name);

    public override string InstanceId => instanceId;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public void Start(Func<TaskOrchestrationContext, Task> code) => _thread.Run(() => _code = code(this));

    public void Deliver(FakeEvent happened)
    {
        _now = happened.At;
        _thread.Run(() => _outcomes[happened.Action].TrySetResult(happened));
    }

    public override T GetInput<T>()
        where T : default
    {
        CheckThread();
        return (input is null ? default : JsonSerializer.Deserialize<T>(input))!;
    }

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        var policy = options?.Retry?.Policy;
        var pause = policy?.FirstRetryInterval ?? TimeSpan.Zero;
        for (var attempt = 1; ; attempt++)
        {
            var happened = await ScheduleAsync(new FakeAction(name.Name, JsonSerializer.Serialize(input), null));
            if (happened.Failure is null)
                return JsonSerializer.Deserialize<TResult>(happened.Result!)!;
            if (policy is null || attempt >= policy.MaxNumberOfAttempts)
            {
                var details = new TaskFailureDetails("Some.Exception", happened.Failure, null, null, null);
                throw new TaskFailedException(name.Name, happened.Action, details);
            }

            await CreateTimer(_now + pause, CancellationToken.None);
            pause = pause * policy.BackoffCoefficient < policy.MaxRetryInterval ? pause * policy.BackoffCoefficient : policy.MaxRetryInterval;
        }
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) => ScheduleAsync(new FakeAction(null, null, fireAt));

    public override void SetCustomStatus(object? customStatus)
    {
        CheckThread();
        CustomStatus = JsonSerializer.Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        CheckThread();
        if (preserveUnprocessedEvents)
            throw new NotSupportedException("Nothing here waits for events.");
        Next = JsonSerializer.Serialize(newInput);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();

    private Task<FakeEvent> ScheduleAsync(FakeAction action)
    {
        CheckThread();
        Actions.Add(action);
        _outcomes.Add(new TaskCompletionSource<FakeEvent>());
        return _outcomes[^1].Task;
    }

    private void CheckThread()
    {
        if (!_thread.IsCurrent)
            throw new InvalidOperationException("The context was used by another thread than the orchestrator's.");
    }
}
