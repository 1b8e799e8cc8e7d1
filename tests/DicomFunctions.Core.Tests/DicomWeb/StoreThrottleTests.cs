using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.DicomWeb.Http;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb;

public sealed class StoreThrottleTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void WaitAsync_NeverRefused_IsUnlimited()
    {
        var throttle = new StoreThrottle(_clock);
        for (var i = 0; i < 10_000; i++)
            Assert.True(throttle.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        throttle.OnAnswer();
        Assert.Null(throttle.Rate);
    }

    [Fact]
    public async Task OnRefused_HalvesThePace_AndManyAtOnceCountAsOne()
    {
        var throttle = await SendAsync(perSecond: 100, seconds: 4);
        throttle.OnRefused(null);
        Assert.InRange(throttle.Rate!.Value, 40, 60);
        var rate = throttle.Rate;
        for (var i = 0; i < 50; i++)
            throttle.OnRefused(null);
        Assert.Equal(rate, throttle.Rate);
        _clock.Advance(TimeSpan.FromSeconds(1));
        throttle.OnRefused(null);
        Assert.Equal(rate / 2, throttle.Rate);
    }

    [Fact]
    public async Task OnRefused_AgainAndAgain_KeepsAFloor()
    {
        var throttle = await SendAsync(perSecond: 100, seconds: 2);
        for (var i = 0; i < 30; i++)
        {
            throttle.OnRefused(null);
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(0.5, throttle.Rate);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.002)]
    public async Task OnRefused_NowAndThen_LeavesThePaceNearWhatItWas(double share)
    {
        var throttle = await SendAsync(perSecond: 200, seconds: 4);
        var sent = Work(throttle, perSecond: 200, seconds: 120, new Random(1), (random, _) => random.NextDouble() < share);
        Assert.InRange(sent / 120.0, 150, 200);
    }

    [Fact]
    public async Task OnRefused_BeyondAQuota_SettlesNearTheQuota()
    {
        var throttle = await SendAsync(perSecond: 400, seconds: 4);
        var refused = 0;
        var sent = Work(throttle, perSecond: 400, seconds: 120, new Random(1), (_, sentThisSecond) =>
        {
            var isRefused = sentThisSecond > 100;
            refused += isRefused ? 1 : 0;
            return isRefused;
        });
        Assert.InRange((sent - refused) / 120.0, 60, 100);
        Assert.InRange((double)refused / sent, 0, 0.1);
    }

    [Fact]
    public async Task OnAnswer_RaisesThePaceStepByStepUntilUnlimited()
    {
        var throttle = await SendAsync(perSecond: 100, seconds: 4);
        throttle.OnRefused(null);
        List<double> rates = [throttle.Rate!.Value];
        for (var second = 0; throttle.Rate is not null && second < 100; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            throttle.OnAnswer();
            throttle.OnAnswer();
            if (throttle.Rate is { } rate)
                rates.Add(rate);
        }

        Assert.Null(throttle.Rate);
        Assert.InRange(rates.Count, 5, 40);
        Assert.All(rates.Zip(rates.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, 10));
        Assert.True(throttle.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WaitAsync_WhileLimited_SpacesRequestsOut()
    {
        var throttle = await SendAsync(perSecond: 100, seconds: 4);
        throttle.OnRefused(null);
        var gap = TimeSpan.FromSeconds(1 / throttle.Rate!.Value);
        var waits = Enumerable.Range(0, 10).Select(_ => throttle.WaitAsync(CancellationToken.None).AsTask()).ToArray();
        for (var sent = 1; sent <= 10; sent++)
        {
            await Eventually.HoldsAsync(() => waits.Count(wait => wait.IsCompleted) >= sent, "the next request goes out");
            Assert.Equal(sent, waits.Count(wait => wait.IsCompleted));
            _clock.Advance(gap + TimeSpan.FromTicks(10));
        }
    }

    [Fact]
    public async Task OnRefused_WithRetryAfter_HoldsEveryRequestBack()
    {
        var throttle = new StoreThrottle(_clock);
        throttle.OnRefused(TimeSpan.FromSeconds(30));
        var waits = Enumerable.Range(0, 3).Select(_ => throttle.WaitAsync(CancellationToken.None).AsTask()).ToArray();
        _clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        await waits[0];
        Assert.False(waits[2].IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(waits);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Throws()
    {
        var throttle = new StoreThrottle(_clock);
        throttle.OnRefused(TimeSpan.FromSeconds(30));
        using var stop = new CancellationTokenSource();
        var wait = throttle.WaitAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public void For_EachStore_IsItsOwn()
    {
        var throttles = new StoreThrottles(_clock);
        var one = throttles.For(new DicomStorePath("p", "l", "d", "one"));
        one.OnRefused(null);
        Assert.Same(one, throttles.For(new DicomStorePath("p", "l", "d", "one")));
        Assert.Null(throttles.For(new DicomStorePath("p", "l", "d", "two")).Rate);
    }

    [Fact]
    public async Task ARefusal_SlowsTheRequestsThatFollow_OfTheSameStoreOnly()
    {
        var clock = CoreHost.SkippingClock();
        await using var host = await CoreHost.StartAsync(clock);
        var refusals = 1;
        host.Server.Before = context =>
        {
            if (refusals-- <= 0)
                return Task.FromResult(false);
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "50";
            return Task.FromResult(true);
        };
        var request = new QidoRequest { Store = CoreHost.Store, Level = QidoLevel.Studies };
        Assert.True((await host.SearchAsync(request)).Outcome.Success);
        clock.Waits.Clear();
        await host.SearchAsync(request);
        await host.SearchAsync(request);
        Assert.Contains(clock.Waits, wait => wait > TimeSpan.FromSeconds(0.05));
        clock.Waits.Clear();
        await host.SearchAsync(request with { Store = new DicomStorePath("p", "l", "d", "other") });
        Assert.Empty(clock.Waits);
    }

    /// <summary>Sends as fast as the throttle and <paramref name="perSecond"/> allow, and gives how many were sent.</summary>
    private int Work(StoreThrottle throttle, int perSecond, int seconds, Random random, Func<Random, int, bool> refuses)
    {
        var (sent, allowance) = (0, 0.0);
        for (var second = 0; second < seconds; second++)
        {
            var sentThisSecond = 0;
            for (var step = 0; step < 100; step++, _clock.Advance(TimeSpan.FromMilliseconds(10)))
            {
                // The pace is asked for, not waited for: the clock goes on with the steps.
                for (allowance += Math.Min(throttle.Rate ?? perSecond, perSecond) / 100; allowance >= 1; allowance--)
                {
                    sent++;
                    _ = throttle.WaitAsync(CancellationToken.None).AsTask();
                    if (refuses(random, ++sentThisSecond))
                        throttle.OnRefused(null);
                    else
                        throttle.OnAnswer();
                }
            }
        }

        return sent;
    }

    private async Task<StoreThrottle> SendAsync(int perSecond, int seconds)
    {
        var throttle = new StoreThrottle(_clock);
        for (var i = 0; i < perSecond * seconds; i++)
        {
            await throttle.WaitAsync(CancellationToken.None);
            _clock.Advance(TimeSpan.FromSeconds(1.0 / perSecond));
            throttle.OnAnswer();
        }

        return throttle;
    }
}
