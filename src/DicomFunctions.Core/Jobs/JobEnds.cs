using System.Collections.Concurrent;

namespace DicomFunctions.Core.Jobs;

/// <summary>Notifies waiters in this process that a job has its summary.</summary>
internal sealed class JobEnds
{
    private readonly ConcurrentDictionary<string, Listeners> _waiting = new(StringComparer.Ordinal);

    /// <summary>Notifies those who wait for the job.</summary>
    public void Tell(string id)
    {
        if (_waiting.TryGetValue(id, out var listeners))
            listeners.Ended.TrySetResult();
    }

    /// <summary>Listens for the end of a job until disposed.</summary>
    public Listener Listen(string id) =>
        new(
            this, id, _waiting.AddOrUpdate(
                id, static _ => new Listeners(1, NewSource()), static (_, known) => known with { Count = known.Count + 1 }).Ended);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Leave(string id)
    {
        while (_waiting.TryGetValue(id, out var known))
        {
            if (known.Count > 1
                ? _waiting.TryUpdate(id, known with { Count = known.Count - 1 }, known)
                : _waiting.TryRemove(KeyValuePair.Create(id, known)))
            {
                return;
            }
        }
    }

    /// <summary>A waiter.</summary>
    public readonly struct Listener(JobEnds ends, string id, TaskCompletionSource ended) : IDisposable
    {
        /// <summary>Completes when this process writes the job's summary.</summary>
        public Task Ended => ended.Task;

        public void Dispose() => ends.Leave(id);
    }

    private sealed record Listeners(int Count, TaskCompletionSource Ended);
}
