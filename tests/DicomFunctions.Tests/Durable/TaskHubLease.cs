using System.Reflection;
using DurableTask.Core;
using Microsoft.DurableTask.Testing.Sidecar;

namespace DicomFunctions.App.Tests.Durable;

/// <summary>
/// The SDK's store in memory as one process sees it: with as many activities at once as that process may run, and what a storage provider
/// has and the store lacks. What the process had taken when it died is given to the next, and nothing more is heard of it; and an id whose
/// instance is under way is refused, as the Functions host does by default.
/// </summary>
public class TaskHubLease : DispatchProxy
{
    private static readonly OrchestrationStatus[] UnderWay = [OrchestrationStatus.Pending, OrchestrationStatus.Running];

    private readonly Lock _lock = new();
    private readonly HashSet<TaskActivityWorkItem> _activities = [];
    private readonly HashSet<TaskOrchestrationWorkItem> _orchestrations = [];
    private InMemoryOrchestrationService _store = null!;
    private SemaphoreSlim _slots = null!;
    private bool _isOver;

    public static ITaskHubStore Take(InMemoryOrchestrationService store, int maxConcurrentActivities)
    {
        var lease = Create<ITaskHubStore, TaskHubLease>();
        ((TaskHubLease)lease)._store = store;
        ((TaskHubLease)lease)._slots = new SemaphoreSlim(maxConcurrentActivities);
        return lease;
    }

    /// <summary>The process is dead.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (var item in _activities)
                _store.AbandonTaskActivityWorkItemAsync(item).GetAwaiter().GetResult();
            foreach (var item in _orchestrations)
            {
                _store.AbandonTaskOrchestrationWorkItemAsync(item).GetAwaiter().GetResult();
                _store.ReleaseTaskOrchestrationWorkItemAsync(item).GetAwaiter().GetResult();
            }
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name, args)
        {
            // The service looks every half second whether it may take another; slots are given here, at once.
            case ("get_MaxConcurrentTaskActivityWorkItems" or "get_MaxConcurrentTaskOrchestrationWorkItems", _):
                return int.MaxValue;
            case (nameof(IOrchestrationService.LockNextTaskActivityWorkItem), [_, CancellationToken cancellationToken]):
                return TakeActivityAsync(cancellationToken);
            case (nameof(IOrchestrationService.LockNextTaskOrchestrationWorkItemAsync), [_, CancellationToken cancellationToken]):
                return TakeOrchestrationAsync(cancellationToken);
            case (nameof(IOrchestrationServiceClient.CreateTaskOrchestrationAsync), [TaskMessage message, null]):
                return _store.CreateTaskOrchestrationAsync(message, UnderWay);
            case (_, [TaskActivityWorkItem item, ..]):
                return IfAlive(() =>
                {
                    if (_activities.Remove(item))
                        _slots.Release();
                    return Call(targetMethod, args);
                });
            case (nameof(IOrchestrationService.ReleaseTaskOrchestrationWorkItemAsync), [TaskOrchestrationWorkItem item]):
                return IfAlive(() =>
                {
                    _orchestrations.Remove(item);
                    return Call(targetMethod, args);
                });
            case (nameof(IOrchestrationService.CompleteTaskOrchestrationWorkItemAsync), [TaskOrchestrationWorkItem item, ..]):
                return IfAlive(() =>
                {
                    var completed = Call(targetMethod, args);
                    // What has been worked is not given to another, should the process die before it releases the instance.
                    item.NewMessages = [];
                    return completed;
                });
            case (_, [TaskOrchestrationWorkItem, ..]):
                return IfAlive(() => Call(targetMethod, args));
            default:
                return Call(targetMethod, args);
        }
    }

    private async Task<TaskActivityWorkItem> TakeActivityAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        return await TakeAsync(
            _activities,
            _store.LockNextTaskActivityWorkItem(Timeout.InfiniteTimeSpan, cancellationToken),
            _store.AbandonTaskActivityWorkItemAsync,
            cancellationToken);
    }

    private Task<TaskOrchestrationWorkItem> TakeOrchestrationAsync(CancellationToken cancellationToken) => TakeAsync(
        _orchestrations,
        _store.LockNextTaskOrchestrationWorkItemAsync(Timeout.InfiniteTimeSpan, cancellationToken),
        async item =>
        {
            await _store.AbandonTaskOrchestrationWorkItemAsync(item);
            await _store.ReleaseTaskOrchestrationWorkItemAsync(item);
        },
        cancellationToken);

    private async Task<T> TakeAsync<T>(HashSet<T> taken, Task<T> next, Func<T, Task> giveBackAsync, CancellationToken cancellationToken)
    {
        var item = await next;
        bool isOver;
        lock (_lock)
        {
            isOver = _isOver;
            if (!isOver)
                taken.Add(item);
        }

        if (!isOver)
            return item;
        await giveBackAsync(item);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }

    private object? Call(MethodInfo method, object?[]? args) =>
        method.Invoke(_store, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);

    private object? IfAlive(Func<object?> call)
    {
        lock (_lock)
            return _isOver ? Task.CompletedTask : call();
    }
}
