using DicomFunctions.Integration.Peers;

namespace DicomFunctions.Integration.Network;

/// <summary>Connections that go dead without a word: given up when nothing has happened for the idle timeout.</summary>
public sealed class SilentNetworkTests
{
    /// <summary>Where a connection falls silent.</summary>
    public static TheoryData<string> Silences => new("connected", "in the request", "asked", "in the headers", "in the body");

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task A_connection_that_falls_silent_is_given_up_for_a_new_one(string where)
    {
        await using var store = await ToxicStore.StartAsync(SilentAt(where));
        await using var host = new PeerHost(store.BaseUrl, [.. NetworkSettings.Impatient, ("DicomWeb:MaxAttempts", "20")]);
        var files = ToxicFile.Many(12);

        var records = await host.UploadAsync(files);

        records.AssertAreOf(files);
        records.AssertAllSucceeded();
        Assert.All(records, record => Assert.InRange(record.Attempts(), 2, 20));
        await store.AssertHoldsAsync(files);
    }

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task A_server_that_falls_silent_is_a_failure_that_says_so(string where)
    {
        await using var store = await ToxicStore.StartAsync(_ => SilentAt(where));
        await using var host = new PeerHost(store.BaseUrl, NetworkSettings.Impatient);
        store.SetRows(45);
        var files = ToxicFile.Many(3);

        var searching = host.SearchAsync("instances", new { });
        var records = await host.UploadAsync(files);
        var found = await searching;

        Assert.Equal((false, NetworkSettings.TimedOut, NetworkSettings.MaxAttempts), (found.IsSuccess(), found.Status(), found.Attempts()));
        Assert.Equal(found.Rows().Count > 0, found.IsPartial());
        records.AssertAreOf(files);
        Assert.All(
            records, record => Assert.Equal(
                (false, NetworkSettings.TimedOut, NetworkSettings.MaxAttempts), (record.IsSuccess(), record.Status(), record.Attempts())));
    }

    [Fact]
    public async Task A_large_file_that_is_not_taken_is_a_failure_that_says_so()
    {
        await using var store = await ToxicStore.StartAsync(_ => new Toxic { RequestBytes = 100_000, Ending = Ending.Silence });
        await using var host = new PeerHost(store.BaseUrl, NetworkSettings.Impatient);
        var files = ToxicFile.Many(1, pixelBytes: 12 << 20);

        var record = Assert.Single(await host.UploadAsync(files));

        Assert.Equal(
            (false, NetworkSettings.TimedOut, NetworkSettings.MaxAttempts), (record.IsSuccess(), record.Status(), record.Attempts()));
        await store.AssertHoldsAsync([]);
    }

    [Fact]
    public async Task A_server_that_vanishes_while_a_connection_is_idle_is_found_again()
    {
        await using var store = await ToxicStore.StartAsync(_ => Toxic.None);
        store.SetRows(3);
        await using var host = new PeerHost(store.BaseUrl, [.. NetworkSettings.Impatient, ("DicomWeb:MaxAttempts", "20")]);
        Assert.True((await host.SearchAsync("studies", new { })).IsSuccess());
        store.Proxy.Freeze();

        var record = await host.SearchAsync("studies", new { });

        Assert.True(record.IsSuccess(), record.Status());
        Assert.InRange(record.Attempts(), 2, 20);
    }

    private static Toxic SilentAt(string where) => (where switch
    {
        "connected" => Toxic.ResetBeforeRequest,
        "in the request" => Toxic.ResetInRequest(after: 60),
        "asked" => Toxic.ResetBeforeAnswer,
        "in the headers" => Toxic.ResetInAnswer(after: 40),
        _ => Toxic.ResetInAnswer(after: 300),
    }) with
    { Ending = Ending.Silence };
}
