using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Workflow;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DicomFunctions.Local.Tests.Engine;

/// <summary>A wrong clock that is corrected gives wrong names for a while, but holds up nothing.</summary>
public sealed class ClockTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TempFolder _folder = new();
    private readonly TestScript _script = new();
    private readonly ShiftedClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_wait_keeps_its_length_when_the_clock_is_corrected(int days)
    {
        _clock.Ahead = days * Day;
        _script.Activity = (input, _) =>
        {
            // After the turn's time was read, and before the wait.
            _clock.Ahead = input == "before" ? TimeSpan.Zero : _clock.Ahead;
            return Task.FromResult(input);
        };
        _script.Workflow(async context =>
        {
            var wait = context.DelayAsync(TimeSpan.FromMilliseconds(50));
            await context.CallAsync(TestScript.Act, "before");
            await wait;
            await context.DelayAsync(TimeSpan.FromMilliseconds(50));
        });
        await using var engine = await StartAsync();
        await engine.StartAsync("a");

        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("a"))!.State);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1)]
    public async Task A_wait_interrupted_by_a_restart_starts_over_and_takes_no_more_than_its_length(int daysAtFirst, int daysAfterwards)
    {
        _clock.Ahead = daysAtFirst * Day;
        _script.Workflow(async context =>
        {
            await context.CallAsync(TestScript.Act, "before");
            await context.DelayAsync(TimeSpan.FromMilliseconds(500));
        });
        await using (var engine = await StartAsync())
        {
            await engine.StartAsync("a");
            await Eventually.HoldsAsync(() => _script.Times("before") == 1, "it waits");
        }

        _clock.Ahead = daysAfterwards * Day;
        await using var next = await StartAsync();
        Assert.Equal(WorkflowState.Completed, (await next.EndOfAsync("a"))!.State);
    }

    [Fact]
    public async Task The_wait_between_two_attempts_keeps_its_length_when_the_clock_is_corrected()
    {
        _clock.Ahead = Day;
        _script.Activity = (input, _) =>
        {
            _clock.Ahead = TimeSpan.Zero;
            return _script.Times(input) < 3 ? throw new InvalidOperationException() : Task.FromResult(input);
        };
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        await using var engine = await StartAsync();
        await engine.StartAsync("a");

        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("a"))!.State);
    }

    [Fact]
    public async Task Turns_and_instances_follow_a_corrected_clock()
    {
        var begun = new List<DateTimeOffset>();
        _script.Workflow((context, state) =>
        {
            begun.Add(context.UtcNow);
            _clock.Ahead = TimeSpan.Zero;
            return Task.FromResult(state.Length < 1 ? WorkflowTurn.Continue(state + "x") : WorkflowTurn.Done(state));
        });
        _clock.Ahead = Day;
        await using var engine = await StartAsync();
        await engine.StartAsync("a");
        var first = (await engine.EndOfAsync("a"))!;
        await engine.StartAsync("a");
        var second = (await engine.EndOfAsync("a"))!;

        var soon = TimeProvider.System.GetUtcNow().AddHours(1);
        Assert.True(begun[0] > soon && begun.Skip(1).All(time => time < soon), string.Join(' ', begun));
        Assert.True(first.CreatedAt > soon && second.CreatedAt < soon);
    }

    [Theory]
    [InlineData("2026-11-22T08:00:00Z", "2026-11-22T08:00:01Z", "2026-11-22T08:00:01.0000000Z")]
    [InlineData("2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z", "2026-11-22T08:00:00.0000001Z")]
    [InlineData("2026-11-22T08:00:59Z", "2026-11-22T08:00:00Z", "2026-11-22T08:00:59.0000001Z")]
    [InlineData("2027-11-22T08:00:00Z", "2026-11-22T08:00:00Z", "2026-11-22T08:00:00.0000000Z")]
    public void NextMoment_is_later_unless_the_clock_was_far_ahead(string previous, string now, string expected) =>
        Assert.Equal(Parse(expected), TurnStart.NextMoment(Parse(previous), Parse(now)));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(4, 6)]
    [InlineData(10, 0)]
    [InlineData(100_000, 0)]
    [InlineData(-100_000, 10)]
    public void LeftAt_is_from_nothing_to_the_whole_length(int secondsLater, int left)
    {
        var since = Parse("2026-11-22T08:00:00Z");
        Assert.Equal(TimeSpan.FromSeconds(left), new Delay(since, TimeSpan.FromSeconds(10)).LeftAt(since.AddSeconds(secondsLater)));
        Assert.Equal(
            TimeSpan.MaxValue - TimeSpan.FromSeconds(Math.Max(0, secondsLater)),
            new Delay(since, TimeSpan.MaxValue).LeftAt(since.AddSeconds(secondsLater)));
    }

    private static DateTimeOffset Parse(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<EmbeddedEngine> StartAsync()
    {
        var options = new EmbeddedEngineOptions
        {
            Directory = _folder.Path,
            ActivityRetry = new ActivityRetry { MaxAttempts = 3, FirstDelay = TimeSpan.FromMilliseconds(20) },
        };
        var engine = new EmbeddedEngine(_script.Catalog(), options, _clock, NullLogger<EmbeddedEngine>.Instance);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }
}
