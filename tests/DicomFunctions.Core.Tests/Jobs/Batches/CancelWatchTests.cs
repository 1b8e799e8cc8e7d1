using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

public sealed class CancelWatchTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private CoreHost _host = null!;
    private string _job = null!;

    private JobStore Jobs => _host.Services.GetRequiredService<JobStore>();

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(_clock);
        _job = JobId.Create(_clock.GetUtcNow());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Token_is_cancelled_once_the_marker_is_there()
    {
        await using var watch = new CancelWatch(Jobs, _job, _clock, CancellationToken.None);
        Assert.False(await watch.IsCancelledAsync(CancellationToken.None));
        Assert.False(watch.Token.IsCancellationRequested);
        await MarkAsync();
        await TimePassesUntilAsync(() => watch.Token.IsCancellationRequested);
        Assert.True(watch.IsCancelled);
        Assert.True(await watch.IsCancelledAsync(CancellationToken.None));
    }

    [Fact]
    public async Task IsCancelledAsync_finds_the_marker_itself_and_cancels_the_token()
    {
        await MarkAsync();
        await using var watch = new CancelWatch(Jobs, _job, _clock, CancellationToken.None);
        Assert.True(await watch.IsCancelledAsync(CancellationToken.None));
        Assert.True(watch.IsCancelled && watch.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Token_of_an_activity_that_is_stopped_is_cancelled_but_the_job_is_not()
    {
        using var activity = new CancellationTokenSource();
        await using var watch = new CancelWatch(Jobs, _job, _clock, activity.Token);
        await activity.CancelAsync();
        Assert.True(watch.Token.IsCancellationRequested);
        Assert.False(watch.IsCancelled);
    }

    [Fact]
    public async Task A_store_that_fails_meanwhile_ends_nothing_and_the_marker_is_found_afterwards()
    {
        await using var watch = new CancelWatch(Jobs, _job, _clock, CancellationToken.None);
        var looks = 0;
        _host.Objects.Fault = (_, _) =>
        {
            Interlocked.Increment(ref looks);
            return new Core.Storage.ObjectStoreException("The disk is gone.");
        };
        await TimePassesUntilAsync(() => Volatile.Read(ref looks) >= 2);
        Assert.False(watch.Token.IsCancellationRequested);
        _host.Objects.IsDown = false;
        await MarkAsync();
        await TimePassesUntilAsync(() => watch.IsCancelled);
    }

    [Fact]
    public async Task The_store_is_asked_at_most_once_a_second_however_many_watch()
    {
        var looks = 0;
        _host.Objects.Fault = (_, _) =>
        {
            Interlocked.Increment(ref looks);
            return null;
        };
        await using var first = new CancelWatch(Jobs, _job, _clock, CancellationToken.None);
        await using var second = new CancelWatch(Jobs, _job, _clock, CancellationToken.None);
        for (var i = 0; i < 100; i++)
            Assert.False(await first.IsCancelledAsync(CancellationToken.None) || await second.IsCancelledAsync(CancellationToken.None));
        Assert.Equal(1, Volatile.Read(ref looks));
    }

    [Fact]
    public async Task Disposed_watches_no_more()
    {
        var watch = new CancelWatch(Jobs, _job, _clock, CancellationToken.None);
        Assert.NotNull(_clock.NextTimer);
        await watch.DisposeAsync();
        Assert.Null(_clock.NextTimer);
        Assert.False(watch.IsCancelled);
    }

    private Task MarkAsync() => _host.PutAsync(new JobFiles(_job).Cancel, []);

    private Task TimePassesUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        "the watch looks");
}
