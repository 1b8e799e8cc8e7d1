using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Net;

public sealed class RequestThrottleTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void WaitAsync_never_refused_is_unlimited()
    {
        var throttle = new RequestThrottle(_clock);
        for (var i = 0; i < 10_000; i++)
            Assert.True(throttle.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        throttle.OnAnswer();
        AssertUnlimited(throttle);
    }

    [Fact]
    public async Task One_refusal_among_many_answers_changes_nothing()
    {
        var throttle = await SendAsync(perSecond: 100, seconds: 4);
        throttle.OnUnavailable(TimeSpan.FromSeconds(20));
        Assert.True(throttle.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        throttle.OnOverQuota(null);
        AssertUnlimited(throttle);
        await SendAsync(perSecond: 100, seconds: 4, throttle);
        AssertUnlimited(throttle);
    }

    [Theory]
    [InlineData(250, 0.01)]
    [InlineData(250, 0.05)]
    [InlineData(2000, 0.05)]
    [InlineData(50, 0.01)]
    [InlineData(50, 0.05)]
    public void Refusals_503_at_random_hardly_cut_the_pace(int perSecond, double share)
    {
        var asked = Work(new RequestThrottle(_clock), perSecond, seconds: 120, Random(share));
        Assert.InRange(asked.Sum() / 120.0, 0.95 * perSecond, perSecond);
    }

    [Fact]
    public void Refusals_503_at_random_however_many_do_not_starve_the_store()
    {
        var asked = Work(new RequestThrottle(_clock), perSecond: 250, seconds: 120, Random(0.3));
        Assert.InRange(asked.Skip(10).Min(), 50, 250);
    }

    [Theory]
    [InlineData(250, 100, 0)]
    [InlineData(250, 100, 1)]
    [InlineData(250, 20, 0)]
    [InlineData(250, 20, 1)]
    [InlineData(3000, 100, 0)]
    [InlineData(3000, 1000, 1)]
    [InlineData(250, 200, 0)]
    [InlineData(110, 100, 0)]
    public void A_quota_is_soon_asked_for_as_much_as_it_gives_and_never_starves(int perSecond, int quota, int retryAfter)
    {
        var asked = Work(new RequestThrottle(_clock), perSecond, seconds: 120, Quota(quota, retryAfter));
        Assert.InRange(asked.Skip(5).Take(20).Average(), 0.8 * quota, 1.1 * quota);
        Assert.InRange(asked.Skip(5).Average(), 0.8 * quota, 1.1 * quota);
        // Ten seconds anywhere.
        for (var from = 5; from < 110; from++)
            Assert.InRange(asked.Skip(from).Take(10).Average(), 0.7 * quota, 1.15 * quota);
    }

    [Fact]
    public void A_quota_that_changes_is_followed()
    {
        var quota = 100;
        var asked = Work(new RequestThrottle(_clock), 250, seconds: 180, (second, sent) =>
        {
            quota = second < 60 ? 100 : second < 120 ? 30 : 150;
            return sent > quota ? (429, null) : (200, null);
        });
        Assert.InRange(asked.Skip(80).Take(40).Average(), 24, 33);
        Assert.InRange(asked.Skip(150).Average(), 120, 165);
    }

    [Fact]
    public void An_outage_is_asked_less_and_less_and_the_pace_is_back_soon_after_it()
    {
        var asked = Work(
            new RequestThrottle(_clock), 250, seconds: 90, (second, _) => second is >= 10 and < 40 ? (503, null) : (200, null));
        Assert.Equal(250, asked[8]);
        Assert.InRange(asked.Skip(20).Take(19).Sum(), 5, 40);
        Assert.Equal(250, asked[70]);
    }

    [Fact]
    public void Nothing_but_refusals_leave_a_floor()
    {
        var throttle = new RequestThrottle(_clock);
        Work(throttle, 250, seconds: 30, (_, _) => (429, null));
        Assert.Equal(TimeSpan.FromSeconds(2), Gap(throttle));
    }

    [Fact]
    public async Task WaitAsync_while_limited_spaces_requests_out()
    {
        var throttle = new RequestThrottle(_clock);
        Work(throttle, 250, seconds: 10, Quota(100, 0));
        var gap = Gap(throttle);
        Assert.InRange(gap.TotalMilliseconds, 8, 12);
        var waits = Enumerable.Range(0, 10).Select(_ => throttle.WaitAsync(CancellationToken.None).AsTask()).ToArray();
        for (var sent = 0; sent <= 9; sent++)
        {
            await Eventually.HoldsAsync(
                () => _clock.TimersSet > sent && Sent() >= sent, "a request goes out and the next one waits for its slot");
            Assert.Equal(sent, Sent());
            _clock.Advance(TimeSpan.FromMilliseconds(Math.Ceiling(gap.TotalMilliseconds)));
        }

        int Sent() => waits.Count(wait => wait.IsCompleted);
    }

    [Fact]
    public async Task RetryAfter_of_a_quota_holds_every_request_back()
    {
        var throttle = new RequestThrottle(_clock);
        throttle.OnOverQuota(TimeSpan.FromSeconds(30));
        var waits = Enumerable.Range(0, 3).Select(_ => throttle.WaitAsync(CancellationToken.None).AsTask()).ToArray();
        _clock.Advance(TimeSpan.FromSeconds(29.9));
        await Eventually.HoldsAsync(
            () => _clock.NextTimer < TimeSpan.FromSeconds(0.2), "the first request waits for the rest of the pause");
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        await Task.WhenAll(waits).InTime();
        await throttle.WaitAsync(CancellationToken.None);
        Assert.True(throttle.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void RetryAfter_of_a_503_is_of_its_request_alone_unless_most_are_answered_so()
    {
        var throttle = new RequestThrottle(_clock);
        for (var i = 0; i < 4; i++)
            throttle.OnUnavailable(TimeSpan.FromSeconds(30));
        Assert.True(throttle.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        throttle.OnUnavailable(TimeSpan.FromSeconds(30));
        Assert.False(throttle.WaitAsync(CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task WaitAsync_cancelled_throws()
    {
        var throttle = new RequestThrottle(_clock);
        throttle.OnOverQuota(TimeSpan.FromSeconds(30));
        using var stop = new CancellationTokenSource();
        var wait = throttle.WaitAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task IsWell_once_many_answers_say_so_and_until_more_than_a_few_fail()
    {
        var throttle = new RequestThrottle(_clock);
        Assert.False(throttle.IsWell);
        await SendAsync(perSecond: 100, seconds: 2, throttle);
        Assert.True(throttle.IsWell);
        throttle.OnFailure();
        Assert.True(throttle.IsWell);
        for (var i = 0; i < 20; i++)
            throttle.OnUnavailable(null);
        Assert.False(throttle.IsWell);
    }

    [Fact]
    public async Task A_429_holds_back_what_follows_of_the_same_store_only()
    {
        await using var host = await CoreHost.StartAsync(_clock);
        host.Server.Before = context =>
        {
            if (host.Server.Requests.Count > 1)
                return Task.FromResult(false);
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "50";
            return Task.FromResult(true);
        };
        var request = new QidoRequest { Store = CoreHost.Store, Level = QidoLevel.Studies };
        var first = host.SearchAsync(request);
        await Eventually.HoldsAsync(() => _clock.NextTimer <= TimeSpan.FromSeconds(50), "the first request waits for its next attempt");
        var next = host.SearchAsync(request);
        Assert.True((await host.SearchAsync(request with { Store = new DicomStorePath("p", "l", "d", "other") }).InTime()).Outcome.Success);
        Assert.False(first.IsCompleted || next.IsCompleted);
        Assert.Equal(2, host.Server.Requests.Count);
        _clock.Advance(TimeSpan.FromSeconds(51));
        Assert.True((await first.InTime()).Outcome.Success);
        Assert.True((await next.InTime()).Outcome.Success);
    }

    private static void AssertUnlimited(RequestThrottle throttle)
    {
        for (var i = 0; i < 10; i++)
            Assert.True(throttle.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    /// <summary>The time from one request to the next of a throttle that limits them.</summary>
    private TimeSpan Gap(RequestThrottle throttle)
    {
        TimeSpan wait;
        while (throttle.TryTakeSlot(out wait))
        {
            // Some that are late may go at once.
        }

        _clock.Advance(wait);
        Assert.True(throttle.TryTakeSlot(out _));
        Assert.False(throttle.TryTakeSlot(out wait));
        return wait;
    }

    /// <summary>Answers 503 at random.</summary>
    private static Func<int, int, (int, TimeSpan?)> Random(double share)
    {
        var random = new Random(1);
        return (_, _) => random.NextDouble() < share ? (503, null) : (200, null);
    }

    /// <summary>Answers 429 beyond so many requests in each second.</summary>
    private static Func<int, int, (int, TimeSpan?)> Quota(int perSecond, int retryAfter) =>
        (_, sent) => sent > perSecond ? (429, retryAfter > 0 ? TimeSpan.FromSeconds(retryAfter) : null) : (200, null);

    /// <summary>
    /// Sends as fast as the throttle and <paramref name="perSecond"/> allow, and gives how many were sent in each second.
    /// </summary>
    /// <param name="throttle">What is tested.</param>
    /// <param name="perSecond">The most that are sent.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="answer">Status and Retry-After, by the second, and how many were sent in it, this one included.</param>
    private List<int> Work(RequestThrottle throttle, int perSecond, int seconds, Func<int, int, (int Code, TimeSpan? RetryAfter)> answer)
    {
        const int Steps = 100;
        List<int> asked = [];
        for (var second = 0; second < seconds; second++)
        {
            var (sent, allowance) = (0, 0.0);
            for (var step = 0; step < Steps; step++, _clock.Advance(TimeSpan.FromSeconds(1.0 / Steps)))
            {
                for (allowance = Math.Min(allowance, 1) + ((double)perSecond / Steps); allowance >= 1
                    && throttle.TryTakeSlot(out _); allowance--)
                {
                    sent++;
                    var (code, retryAfter) = answer(second, sent);
                    if (code == 429)
                        throttle.OnOverQuota(retryAfter);
                    else if (code == 503)
                        throttle.OnUnavailable(retryAfter);
                    else
                        throttle.OnAnswer();
                }
            }

            asked.Add(sent);
        }

        return asked;
    }

    private async Task<RequestThrottle> SendAsync(int perSecond, int seconds, RequestThrottle? throttle = null)
    {
        throttle ??= new RequestThrottle(_clock);
        for (var i = 0; i < perSecond * seconds; i++)
        {
            await throttle.WaitAsync(CancellationToken.None);
            _clock.Advance(TimeSpan.FromSeconds(1.0 / perSecond));
            throttle.OnAnswer();
        }

        return throttle;
    }
}
