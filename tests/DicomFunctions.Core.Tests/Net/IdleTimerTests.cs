using DicomFunctions.Core.Net;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Net;

public sealed class IdleTimerTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void Time_that_passes_while_it_is_paused_does_not_count()
    {
        using var timer = Start();
        _clock.Advance(TimeSpan.FromSeconds(6));
        timer.Pause();
        _clock.Advance(TimeSpan.FromHours(1));
        timer.Pause();
        Assert.False(timer.Token.IsCancellationRequested);
        timer.Resume();
        _clock.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(timer.Token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(timer.Token.IsCancellationRequested);
    }

    [Fact]
    public void Pauses_do_not_make_a_trickle_progress()
    {
        using var timer = Start();
        for (var second = 0; second < 11; second++)
        {
            timer.Resume();
            _clock.Advance(TimeSpan.FromSeconds(1));
            timer.Received(1);
            timer.Pause();
        }

        timer.Resume();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(timer.Token.IsCancellationRequested);
    }

    [Fact]
    public void Enough_bytes_start_the_time_over()
    {
        using var timer = Start();
        for (var second = 0; second < 100; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(9));
            timer.Received(8 * 1024);
            timer.Pause();
            timer.Resume();
        }

        Assert.False(timer.Token.IsCancellationRequested);
    }

    private IdleTimer Start() => new(TimeSpan.FromSeconds(10), _clock, CancellationToken.None);
}
