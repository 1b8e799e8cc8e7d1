using DicomFunctions.Integration.Peers;

namespace DicomFunctions.Integration.Network;

/// <summary>Connections that are slow: waited for while anything moves.</summary>
public sealed class SlowNetworkTests
{
    [Fact]
    public async Task Latency_is_waited_for()
    {
        await using var store = await ToxicStore.StartAsync(_ => Toxic.None with { Delay = TimeSpan.FromMilliseconds(20) });
        store.SetRows(45);
        await using var host = new PeerHost(store.BaseUrl, NetworkSettings.Patient);

        var record = await host.SearchAsync("instances", new { });

        Assert.True(record.IsSuccess());
        Assert.Equal(await store.RowsAsync(), record.Rows());
        Assert.Equal(5, record.Attempts());
        var files = ToxicFile.Many(30);
        var records = await host.UploadAsync(files);
        records.AssertAreOf(files);
        records.AssertAllSucceeded();
        Assert.All(records, record => Assert.Equal(1, record.Attempts()));
    }

    [Theory]
    [InlineData("33554432")]
    [InlineData("4096")]
    public async Task A_file_that_takes_longer_than_the_idle_timeout_is_stored_while_its_bytes_go(string maxInMemory)
    {
        // Four seconds, of which the connection's own buffers hide one.
        await using var store = await ToxicStore.StartAsync(_ => new Toxic { BytesPerSecond = 4 << 20 });
        await using var host = new PeerHost(
            store.BaseUrl, [.. NetworkSettings.Patient, ("DicomWeb:IdleTimeout", "00:00:02"), ("DicomWeb:MultipartMaxBytes", maxInMemory)]);
        var files = ToxicFile.Many(1, pixelBytes: 16 << 20);

        var records = await host.UploadAsync(files);

        records.AssertAllSucceeded();
        await store.AssertHoldsAsync(files);
    }

    [Fact]
    public async Task An_answer_that_takes_longer_than_the_idle_timeout_is_read_while_its_bytes_come()
    {
        await using var store = await ToxicStore.StartAsync(_ => new Toxic { BytesPerSecond = 2 << 20 });
        store.SetRows(rows: 10, rowBytes: 600_000);
        await using var host = new PeerHost(store.BaseUrl, [.. NetworkSettings.Patient, ("DicomWeb:IdleTimeout", "00:00:01.500")]);

        var record = await host.SearchAsync("instances", new { });

        Assert.True(record.IsSuccess(), record.Status());
        Assert.Equal(await store.RowsAsync(), record.Rows());
    }
}
