using DicomFunctions.Core.Authorization;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Authorization;

public sealed class CachedTokenSourceTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public async Task GetTokenAsync_within_a_minute_is_fetched_once()
    {
        using var source = new Numbered(_clock);
        Assert.Equal("1", await source.GetTokenAsync(CancellationToken.None));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("1", await source.GetTokenAsync(CancellationToken.None));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("2", await source.GetTokenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task GetTokenAsync_many_at_once_fetch_once()
    {
        using var source = new Numbered(_clock) { Gate = new() };
        var all = Enumerable.Range(0, 100).Select(_ => source.GetTokenAsync(CancellationToken.None).AsTask()).ToArray();
        source.Gate.SetResult();
        Assert.All(await Task.WhenAll(all), token => Assert.Equal("1", token));
    }

    [Fact]
    public async Task GetTokenAsync_cached_allocates_nothing()
    {
        using var source = new Numbered(_clock);
        await source.GetTokenAsync(CancellationToken.None);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            await source.GetTokenAsync(CancellationToken.None);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public async Task Invalidate_current_token_brings_a_fresh_one_and_names_the_refused()
    {
        using var source = new Numbered(_clock);
        await source.GetTokenAsync(CancellationToken.None);
        source.Invalidate("1");
        Assert.Equal("2", await source.GetTokenAsync(CancellationToken.None));
        Assert.Equal([null, "1"], source.Refused);
    }

    [Fact]
    public async Task Invalidate_token_that_was_replaced_does_nothing()
    {
        using var source = new Numbered(_clock);
        await source.GetTokenAsync(CancellationToken.None);
        source.Invalidate("1");
        await source.GetTokenAsync(CancellationToken.None);
        source.Invalidate("1");
        Assert.Equal("2", await source.GetTokenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task GetTokenAsync_fetch_that_fails_is_tried_again_by_the_next()
    {
        using var source = new Numbered(_clock) { Failure = new AccessTokenException("Not now.") };
        await Assert.ThrowsAsync<AccessTokenException>(() => source.GetTokenAsync(CancellationToken.None).AsTask());
        source.Failure = null;
        Assert.Equal("2", await source.GetTokenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task GetTokenAsync_one_caller_cancelled_leaves_the_others_alone()
    {
        using var source = new Numbered(_clock) { Gate = new() };
        using var cancelled = new CancellationTokenSource();
        var other = source.GetTokenAsync(CancellationToken.None).AsTask();
        var mine = source.GetTokenAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mine);
        source.Gate.SetResult();
        Assert.Equal("1", await other);
    }

    private sealed class Numbered(TimeProvider time) : CachedTokenSource(time)
    {
        private int _number;

        public List<string?> Refused { get; } = [];

        public TaskCompletionSource? Gate { get; init; }

        public Exception? Failure { get; set; }

        protected override async Task<string> FetchAsync(string? refused, CancellationToken cancellationToken)
        {
            _number++;
            Refused.Add(refused);
            if (Gate is not null)
                await Gate.Task;
            return Failure is null ? $"{_number}" : throw Failure;
        }
    }
}
