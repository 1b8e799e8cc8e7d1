using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// Starts jobs that several requests may start at once: the one that was submitted with a key, its repetitions, and a resume. An engine
/// replaces an instance that has ended, so a late start would run a small job again.
/// </summary>
internal sealed class JobStarts(IWorkflowEngine engine)
{
    /// <summary>One for many jobs: enough that a start seldom waits for another job's.</summary>
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Starts a job that the engine does not know. False if it does.</summary>
    public async Task<bool> StartNewAsync(JobState state)
    {
        var gate = _locks[(uint)string.GetHashCode(state.JobId, StringComparison.Ordinal) % _locks.Length];
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return await engine.GetAsync(state.JobId, CancellationToken.None).ConfigureAwait(false) is null
                && await engine.StartAsync(JobActivities.Workflow, state.JobId, state, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }
}
