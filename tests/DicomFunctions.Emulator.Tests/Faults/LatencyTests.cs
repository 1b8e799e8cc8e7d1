using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Tests.Support;
using DicomFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DicomFunctions.Emulator.Tests.Faults;

public sealed class LatencyTests : EmulatorTest
{
    private readonly FakeTimeProvider _time = new();

    protected override EmulatorOptions Options => base.Options with
    {
        TimeProvider = _time,
        Faults = new FaultOptions { Latency = TimeSpan.FromSeconds(10), LatencyJitter = TimeSpan.FromSeconds(1) },
    };

    [Fact]
    public async Task Latency_delays_requests_which_count_as_in_flight()
    {
        var searches = Enumerable.Range(0, 6).Select(_ => Store.SearchAsync("studies")).ToArray();
        await Eventually.HoldsAsync(() => Emulator.Statistics.DicomWeb.InFlight == 6, "six requests are held");
        Assert.DoesNotContain(searches, search => search.IsCompleted);

        await Eventually.HoldsAsync(
            () =>
            {
                // A request is counted just before its wait begins, so one step of the clock may be too early for it.
                _time.Advance(TimeSpan.FromSeconds(11));
                return searches.All(search => search.IsCompleted);
            },
            "all are answered");

        Assert.All(await Task.WhenAll(searches), Assert.Empty);
        Assert.Equal(6, Emulator.Statistics[RequestKind.Search].Count);
        Assert.Equal(6, Emulator.Statistics.DicomWeb.MaxInFlight);
        Assert.Equal(6, Emulator.Statistics.ForStore(StorePath)[RequestKind.Search].MaxInFlight);
        await Eventually.HoldsAsync(() => Emulator.Statistics.DicomWeb.InFlight == 0, "nothing is in flight");
    }
}
