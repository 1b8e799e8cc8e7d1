using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>A call of a turn that waits for its outcome: of an activity, or a delay.</summary>
internal sealed class Call(Turn turn, int number, string? activity, string input, bool isRepeatable, Delay delay) : IProgress<JobProgress>
{
    private readonly TaskCompletionSource<string> _result = new();

    /// <summary>Whose it is. When that turn is over, nobody waits any more.</summary>
    public Turn Turn => turn;

    /// <summary>Which call of its turn, from 1.</summary>
    public int Number => number;

    /// <summary>The activity's name; null for a delay.</summary>
    public string? Activity => activity;

    /// <summary>The input's JSON.</summary>
    public string Input => input;

    public bool IsRepeatable => isRepeatable;

    /// <summary>Without an activity: how long to wait.</summary>
    public Delay Delay => delay;

    /// <summary>Executions so far, in this process.</summary>
    public int Attempts { get; set; }

    /// <summary>What its activity says it has done so far; null: nothing.</summary>
    public JobProgress? Progress { get; private set; }

    /// <summary>What workflow code awaits. Set on the turn's own thread, where the code goes on at once.</summary>
    public Task<string> Result => _result.Task;

    /// <summary>Called by its activity.</summary>
    public void Report(JobProgress value) => Progress = value;

    public void Complete(string output) => _result.SetResult(output);

    public void Fail(Exception exception) => _result.SetException(exception);
}
