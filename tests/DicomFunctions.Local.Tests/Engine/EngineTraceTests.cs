using System.Diagnostics;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Workflow;
using Xunit;

namespace DicomFunctions.Local.Tests.Engine;

/// <summary>A trace goes from what starts an instance to its activities, over turns and restarts.</summary>
public sealed class EngineTraceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestScript _script = new();
    private readonly Signals _signals = new();

    public void Dispose()
    {
        _signals.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_turn_and_its_activities_belong_to_the_trace_of_the_start_also_after_a_restart()
    {
        _script.Activity = (input, cancellationToken) =>
            input == "hold" ? EngineUnderTest.HoldAsync(cancellationToken) : Task.FromResult(input);
        _script.Workflow(async (context, state) =>
        {
            await context.CallAsync(TestScript.Act, state == "" ? "first" : "hold");
            return state == "" ? WorkflowTurn.Continue("second") : WorkflowTurn.Done("");
        });
        var caller = _signals.BeginCaller();
        await using (var engine = await EngineUnderTest.StartAsync(_folder.Path, _script))
        {
            await engine.StartAsync("a");
            caller.Dispose();
            await Eventually.HoldsAsync(() => _script.Times("hold") == 1, "the second turn holds");
        }

        _script.Activity = (input, _) => Task.FromResult(input);
        await using (var engine = await EngineUnderTest.StartAsync(_folder.Path, _script))
            await engine.EndOfAsync("a");

        var spans = _signals.Of(caller.TraceId);
        var turns = spans.Where(span => span.OperationName == "orchestration Test").ToList();
        Assert.Equal([0, 1, 1], turns.Select(span => span.GetTagItem("dicomfunctions.turn")));
        Assert.All(turns, span => Assert.Equal(caller.SpanId, span.ParentSpanId));
        Assert.All(turns, span => Assert.Equal("a", span.GetTagItem("dicomfunctions.instance.id")));
        var activities = spans.Where(span => span.OperationName == "activity Act").ToList();
        Assert.Equal(turns.Select(span => span.SpanId).Order(Ids), activities.Select(span => span.ParentSpanId).Order(Ids));
    }

    [Fact]
    public async Task A_turn_and_an_activity_that_fail_say_so_by_a_type_and_not_by_a_message()
    {
        _script.Activity = (_, _) => throw new InvalidDataException("DOE^JANE");
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var caller = _signals.BeginCaller();
        await using var engine = await EngineUnderTest.StartAsync(_folder.Path, _script);
        await engine.StartAsync("a");
        await engine.EndOfAsync("a");

        var spans = _signals.Of(caller.TraceId);
        Assert.Equal(
            Enumerable.Repeat("InvalidDataException", 3),
            spans.Where(span => span.OperationName == "activity Act").Select(span => span.GetTagItem("error.type")));
        var turn = Assert.Single(spans, span => span.OperationName == "orchestration Test");
        Assert.Equal((ActivityStatusCode.Error, "ActivityFailedException"), (turn.Status, turn.GetTagItem("error.type")));
        Assert.DoesNotContain("DOE", _signals.AsText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_trace_an_instance_begins_one_and_its_journal_has_no_word_of_it()
    {
        _script.Activity = (_, cancellationToken) => EngineUnderTest.HoldAsync(cancellationToken);
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        await using var engine = await EngineUnderTest.StartAsync(_folder.Path, _script);
        await engine.StartAsync("a");
        await Eventually.HoldsAsync(() => _script.Times("x") == 1, "it runs");

        var journal = Assert.Single(Directory.GetFiles(_folder.Path, "*.journal", SearchOption.AllDirectories));
        await using var file = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        Assert.DoesNotContain("trace", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static Comparer<ActivitySpanId> Ids { get; } =
        Comparer<ActivitySpanId>.Create((one, other) => string.CompareOrdinal(one.ToHexString(), other.ToHexString()));
}
