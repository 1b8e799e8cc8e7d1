using System.Text.Json;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>
/// Runs a workflow's turn with answers of the test's own: first those of a history, then those of <paramref name="answer"/>, in the order
/// of the calls and at the time the test lets them come.
/// </summary>
internal sealed class ScriptedContext(Func<string, string, string> answer, IReadOnlyList<string>? history = null) : IWorkflowContext
{
    private readonly Queue<Action> _pending = new();

    /// <summary>Every call: the activity and its input.</summary>
    public List<(string Name, string Input)> Calls { get; } = [];

    /// <summary>What the calls were answered with, by call.</summary>
    public SortedDictionary<int, string> Answers { get; } = [];

    public List<JobProgress> Progress { get; } = [];

    public List<TimeSpan> Delays { get; } = [];

    public int InFlight => _pending.Count;

    public int MostInFlight { get; private set; }

    public string InstanceId => "test";

    public DateTimeOffset UtcNow { get; set; } = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    public Task<TOut> CallAsync<TIn, TOut>(ActivityRef<TIn, TOut> activity, TIn input)
    {
        var number = Calls.Count;
        var json = JsonSerializer.Serialize(input, activity.Input);
        Calls.Add((activity.Name, json));
        var result = new TaskCompletionSource<TOut>();
        _pending.Enqueue(() =>
        {
            string output;
            try
            {
                output = number < history?.Count ? history[number] : answer(activity.Name, json);
            }
            catch (ActivityFailedException exception)
            {
                result.SetException(exception);
                return;
            }

            Answers[number] = output;
            result.SetResult(JsonSerializer.Deserialize(output, activity.Output)!);
        });
        MostInFlight = Math.Max(MostInFlight, _pending.Count);
        return result.Task;
    }

    public Task DelayAsync(TimeSpan delay)
    {
        Delays.Add(delay);
        return Task.CompletedTask;
    }

    public void ReportProgress(JobProgress progress) => Progress.Add(progress);

    /// <summary>Answers calls one after the other until the turn is over.</summary>
    public async Task<WorkflowTurn<TState>> FinishAsync<TState>(Task<WorkflowTurn<TState>> turn)
    {
        while (AnswerOne())
        {
        }

        return await turn.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Answers the oldest call; false when there is none.</summary>
    public bool AnswerOne()
    {
        if (!_pending.TryDequeue(out var next))
            return false;
        next();
        return true;
    }
}
