using DicomFunctions.Core.DicomWeb.Client;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Client;

public sealed class StorePaceTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;
    private readonly StorePace _pace;
    private readonly RequestThrottle _throttle;

    public StorePaceTests()
    {
        _loggers = new LoggerFactory([_log]);
        _pace = new StorePace(CoreHost.Store, _loggers.CreateLogger<StorePace>(), _clock);
        _throttle = new RequestThrottle(_clock, _pace);
    }

    public void Dispose()
    {
        _throttle.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void A_store_that_refuses_is_logged_at_most_once_a_minute_and_when_it_is_at_full_speed_again()
    {
        Work(seconds: 150, refused: true);
        var slowed = _log.Events.Where(line => line.Id == 1001).ToList();
        Assert.InRange(slowed.Count, 2, 3);
        Assert.All(slowed, line => Assert.StartsWith(CoreHost.Store.ToString(), line.Text, StringComparison.Ordinal));
        Assert.All(slowed, line => Assert.Equal(LogLevel.Warning, line.Level));
        Assert.True(_pace is { IsSlowed: true, Rate: not null });
        Assert.DoesNotContain(_log.Events, line => line.Id == 1003);

        Work(seconds: 600, refused: false);
        Assert.Single(_log.Events, line => line.Id == 1003);
        Assert.Equal(1003, _log.Events.Last().Id);
        Assert.True(_pace is { IsSlowed: false, Rate: null });
    }

    [Fact]
    public async Task A_pause_that_a_store_asks_for_is_logged_and_its_end()
    {
        _throttle.OnOverQuota(TimeSpan.FromSeconds(30));
        _throttle.OnOverQuota(TimeSpan.FromSeconds(30));
        Assert.Equal((1002, LogLevel.Warning), _log.Events.Select(line => (line.Id, line.Level)).Single());
        Assert.EndsWith("asks to wait 30 s.", _log.Lines.Single(), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(31));
        await _throttle.WaitAsync(CancellationToken.None);
        Assert.Equal([1002, 1003], _log.Events.Select(line => line.Id));
    }

    [Fact]
    public void A_store_in_its_good_hours_is_not_logged()
    {
        for (var i = 0; i < 3_000; i++)
        {
            if (i % 300 == 0)
                _throttle.OnUnavailable(TimeSpan.FromSeconds(1));
            else
                _throttle.OnAnswer();
            _clock.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.Empty(_log.Lines);
    }

    /// <summary>Asks for 100 requests a second, of which half are refused or none.</summary>
    private void Work(int seconds, bool refused)
    {
        for (var i = 0; i < seconds * 100; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            if (!_throttle.TryTakeSlot(out _))
                continue;
            if (refused && i % 2 == 0)
                _throttle.OnOverQuota(retryAfter: null);
            else
                _throttle.OnAnswer();
        }
    }
}
