using System.Text.Json;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using Xunit;

namespace DicomFunctions.Core.Tests.Drop;

public sealed class DropWorkflowTests
{
    [Fact]
    public async Task Rounds_that_clear_nothing_away_are_waited_for_longer_up_to_an_hour()
    {
        List<TimeSpan> waits = [];
        var state = new DropState { FruitlessRounds = 20, Seen = "same" };
        for (var total = TimeSpan.Zero; ; total += waits[^1])
        {
            var (context, turn) = await TurnAsync(state, "same");
            if (context.Calls[0].Name == "CollectDrop")
            {
                Assert.Equal(TimeSpan.FromHours(1), total);
                break;
            }

            waits.Add(Assert.Single(context.Delays));
            state = turn.State;
        }

        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_new_file_ends_the_wait()
    {
        var (context, turn) = await TurnAsync(new DropState { FruitlessRounds = 20, Seen = "same" }, "another");
        Assert.Equal(["LookIntoDrop"], context.Calls.Select(call => call.Name));
        Assert.Equal(new DropState(), turn.State);
        Assert.False(turn.IsDone);
    }

    [Fact]
    public void A_state_of_an_earlier_build_is_read()
    {
        Assert.Equal(new DropState(), JsonSerializer.Deserialize("{}", DropActivities.Workflow.State));
        Assert.Equal("x", JsonSerializer.Deserialize("""{"job":{"job_id":"x"}}""", DropActivities.Workflow.State)!.Job!.JobId);
    }

    private static async Task<(ScriptedContext Context, WorkflowTurn<DropState> Turn)> TurnAsync(DropState state, string seen)
    {
        var context = new ScriptedContext((activity, _) => activity == "LookIntoDrop" ? $"\"{seen}\"" : """{"files":0}""");
        return (context, await context.FinishAsync(new DropWorkflow().RunTurnAsync(context, state)));
    }
}
