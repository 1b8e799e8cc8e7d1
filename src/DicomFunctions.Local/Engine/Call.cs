using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>A pending call of a turn: an activity or a delay.</summary>
internal sealed class Call(Turn turn, int number, string? activity, string input, bool isRepeatable, Delay delay) : IProgress<JobProgress>
{
    private readonly TaskCompletionSource<string> _result = new();

    /// <summary>The turn that made the call. When it is over, nobody waits for the call.</summary>
    public Turn Turn => turn;

    /// <summary>The number of the call in its turn, from 1.</summary>
    public int Number => number;

    /// <summary>The activity's name; null for a delay.</summary>
    public string? Activity => activity;

    /// <summary>The input's JSON.</summary>
    public string Input => input;

    public bool IsRepeatable => isRepeatable;

    /// <summary>How long to wait, if there is no activity.</summary>
    public Delay Delay => delay;

    /// <summary>Executions so far, in this process.</summary>
    public int Attempts { get; set; }

    /// <summary>The progress that the activity has reported; null if none.</summary>
    public JobProgress? Progress { get; private set; }

    /// <summary>The task that workflow code awaits. It is completed on the turn's own thread, where the code continues at once.</summary>
    public Task<string> Result => _result.Task;

    /// <summary>Called by the activity.</summary>
    public void Report(JobProgress value) => Progress = value;

    public void Complete(string output) => _result.SetResult(output);

    public void Fail(Exception exception) => _result.SetException(exception);
}
