using DicomFunctions.Emulator.Statistics;

namespace DicomFunctions.Emulator.Tests.Statistics;

public sealed class EmulatorStatisticsTests
{
    private readonly EmulatorStatistics _statistics = new();

    [Fact]
    public void Requests_are_counted_by_kind_with_the_most_in_flight()
    {
        _statistics.Begin(RequestKind.Search);
        _statistics.Begin(RequestKind.Store);
        _statistics.End(RequestKind.Search, 200);
        _statistics.Begin(RequestKind.Search);

        Assert.Equal(new RequestSnapshot(2, 1, 1), RequestSnapshot.Of(_statistics[RequestKind.Search]));
        Assert.Equal(new RequestSnapshot(3, 2, 2), RequestSnapshot.Of(_statistics.DicomWeb));
        Assert.Equal(1, _statistics.Statuses[200]);
    }

    [Theory]
    [InlineData(RequestKind.PubSub)]
    [InlineData(RequestKind.Other)]
    public void Requests_that_are_not_DICOMweb_count_only_in_their_kind(RequestKind kind)
    {
        _statistics.Begin(kind);
        _statistics.End(kind, 200);

        Assert.Equal(1, _statistics[kind].Count);
        Assert.Equal(0, _statistics.DicomWeb.Count);
        Assert.Empty(_statistics.Statuses);
    }

    [Fact]
    public void Reset_clears_counts_of_every_store_but_keeps_requests_in_flight()
    {
        var store = _statistics.ForStore("s");
        store.Begin(RequestKind.Store);
        store.CountStored(100);

        _statistics.Reset();

        Assert.Equal(new RequestSnapshot(0, 1, 1), RequestSnapshot.Of(store[RequestKind.Store]));
        Assert.Equal(0, store.StoredBytes);
    }

    [Fact]
    public void Snapshot_has_the_values_of_every_store()
    {
        _statistics.CountStored(300);
        _statistics.ForStore("s").CountStored(300);

        var snapshot = _statistics.Snapshot();

        Assert.Equal(300, snapshot.StoredBytes);
        Assert.Equal((1, 300), (snapshot.Stores!["s"].Stored, snapshot.Stores["s"].StoredBytes));
        Assert.Null(snapshot.Stores["s"].Stores);
    }
}
