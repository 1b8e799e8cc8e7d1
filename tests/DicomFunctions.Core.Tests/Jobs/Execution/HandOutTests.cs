using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Execution;

public sealed class HandOutTests
{
    private static readonly JobPlan Plan = new()
    {
        Inputs = 10_000,
        BatchSize = 8,
        Window = 5,
        ActivityTime = TimeSpan.FromSeconds(5),
        LegTime = TimeSpan.FromSeconds(60),
    };

    [Fact]
    public void TryTake_gives_a_few_batches_while_the_pace_is_unknown()
    {
        var inputs = new HandOut(Plan, 100, 10_000, pace: 0);
        Assert.Equal((100, 16), Take(inputs));
        Assert.Equal((116, 16), Take(inputs));
        Assert.Equal(132, inputs.Reached);
    }

    [Fact]
    public void TryTake_gives_whole_batches_that_shrink_towards_the_end_once_the_pace_is_known()
    {
        var inputs = new HandOut(Plan, 0, 4_000, pace: 1_000);
        List<(long First, long Count)> shares = [];
        while (inputs.TryTake(isAlone: false, out var first, out var count))
            shares.Add((first, count));
        Assert.Equal(800, shares[0].Count);
        Assert.Equal(shares.Select(share => share.Count).OrderDescending(), shares.Select(share => share.Count));
        Assert.All(shares.SkipLast(1), share => Assert.Equal(0, share.Count % 8));
        // None takes less than a fifth of a second but the last.
        Assert.All(shares.SkipLast(1), share => Assert.True(share.Count >= 200));
        Assert.Equal(4_000, shares.Sum(share => share.Count));
    }

    [Fact]
    public void TryTake_of_a_slow_store_is_no_more_than_a_run_and_a_half_would_do()
    {
        var inputs = new HandOut(Plan, 0, 10_000, pace: 3);
        Assert.Equal((0, 24), Take(inputs));
    }

    [Fact]
    public void TryTake_one_batch_an_activity_is_that()
    {
        var inputs = new HandOut(Plan with { ActivityTime = TimeSpan.Zero }, 0, 10_000, pace: 1_000);
        Assert.Equal((0, 8), Take(inputs));
    }

    [Fact]
    public void TryTake_the_only_worker_is_not_kept_short()
    {
        var inputs = new HandOut(Plan with { Window = 1 }, 0, 4_000, pace: 1_000);
        Assert.Equal((0, 4_000), Take(inputs));
    }

    [Fact]
    public void Return_what_was_not_worked_is_handed_out_before_anything_else()
    {
        var inputs = new HandOut(Plan, 0, 10_000, pace: 0);
        Take(inputs);
        Take(inputs);
        inputs.Return(16, 16, 4, TimeSpan.FromSeconds(5));
        inputs.Return(0, 16, 10, TimeSpan.FromSeconds(5));
        Assert.Equal((10, 6), Take(inputs));
        Assert.Equal((20, 12), Take(inputs));
        Assert.Equal(32, Take(inputs).First);
    }

    [Theory]
    [InlineData(0, 100, null)]
    [InlineData(100, 10, 200)]
    [InlineData(100, 100, 1_500)]
    [InlineData(100, 400, null)]
    public void LimitFor_a_share_is_somewhat_more_than_it_should_take(double pace, long count, int? milliseconds) =>
        Assert.Equal(
            milliseconds is { } limit ? TimeSpan.FromMilliseconds(limit) : null, new HandOut(Plan, 0, 10_000, pace).LimitFor(count));

    [Fact]
    public void Close_leaves_only_what_was_handed_out_before()
    {
        var inputs = new HandOut(Plan, 0, 10_000, pace: 0);
        Take(inputs);
        Take(inputs);
        inputs.Close();
        Assert.False(inputs.TryTake(isAlone: false, out _, out _));
        inputs.Return(0, 16, 15, TimeSpan.FromSeconds(1));
        Assert.Equal((15, 1), Take(inputs));
        Assert.Equal(32, inputs.Reached);
    }

    private static (long First, long Count) Take(HandOut inputs)
    {
        Assert.True(inputs.TryTake(isAlone: false, out var first, out var count));
        return (first, count);
    }
}
