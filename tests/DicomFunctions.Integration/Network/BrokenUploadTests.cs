using System.Text;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Network;

/// <summary>Uploads over connections that break: what is said to be stored is, and the store holds the files and nothing else.</summary>
public sealed class BrokenUploadTests
{
    private const int MaxAttempts = 3;
    private const int LargeFile = 6 << 20;

    private static readonly (string, string)[] Settings =
    [
        ("DicomWeb:MaxAttempts", "3"), ("DicomWeb:RetryDelay", "00:00:00.001"), ("DicomWeb:ConnectionIdleTimeout", "00:00:30"),
        // A few files are one batch, and so one request.
        ("Jobs:MaxWorkers", "1"), ("Jobs:BufferSize", "100"),
    ];

    public static TheoryData<string, bool> Places
    {
        get
        {
            var places = new TheoryData<string, bool>();
            foreach (var place in new[] { "connect", "request", "body of the request", "answer", "headers", "body" })
            {
                places.Add(place, false);
                places.Add(place, true);
            }

            return places;
        }
    }

    public static TheoryData<string> CutAnswers => new(Cuts.Names);

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_connection_that_breaks_once_stores_every_file(string place, bool isLarge)
    {
        await using var store = await ToxicStore.StartAsync(At(place));
        await using var host = new PeerHost(store.BaseUrl, Settings);
        var files = Files(isLarge);

        var records = await host.UploadAsync(files);

        records.AssertAreOf(files);
        records.AssertAllSucceeded();
        Assert.All(records, record => Assert.Equal(2, record.Attempts()));
        await store.AssertHoldsAsync(files);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_connection_that_always_breaks_is_a_failure_of_each_file(string place, bool isLarge)
    {
        await using var store = await ToxicStore.StartAsync(_ => At(place));
        await using var host = new PeerHost(store.BaseUrl, Settings);
        var files = Files(isLarge);

        var records = await host.UploadAsync(files);

        records.AssertAreOf(files);
        Assert.All(records, record =>
        {
            Assert.False(record.IsSuccess(), record.GetRawText());
            Assert.Contains(record.Status(), Records.BrokenConnection);
            Assert.Equal(record.Status(), record.GetProperty("error").GetProperty("reason").GetString());
            Assert.Equal(record.GetProperty("source").GetString(), record.GetProperty("input").GetString());
            Assert.Equal(MaxAttempts, record.Attempts());
        });
        // Where only the answers were lost, all is stored. Of a request that did not arrive whole, nothing but the files that did.
        var arrived = place switch
        {
            "answer" or "headers" or "body" => files,
            "body of the request" => [.. (await store.HeldAsync(files)).Take(9_000 / files[0].Content.Length)],
            _ => [],
        };
        await store.AssertHoldsAsync(arrived);
    }

    [Theory]
    [MemberData(nameof(CutAnswers))]
    public async Task A_cut_answer_is_mended_by_the_next(string cut)
    {
        await using var store = await ToxicStore.StartAsync(Cuts.Toxic(cut));
        await using var host = new PeerHost(store.BaseUrl, Settings);
        var files = Files(isLarge: false);

        var records = await host.UploadAsync(files);

        records.AssertAreOf(files);
        records.AssertAllSucceeded();
        await store.AssertHoldsAsync(files);
    }

    [Theory]
    [MemberData(nameof(CutAnswers))]
    public async Task An_answer_that_is_always_cut_is_no_success(string cut)
    {
        await using var store = await ToxicStore.StartAsync(_ => Cuts.Toxic(cut));
        await using var host = new PeerHost(store.BaseUrl, Settings);
        var files = Files(isLarge: false);

        var records = await host.UploadAsync(files);

        records.AssertAreOf(files);
        Assert.All(records, record => Assert.False(record.IsSuccess(), record.GetRawText()));
        await store.AssertHoldsAsync(files);
    }

    [Fact]
    public async Task Garbage_and_enormous_headers_are_failures_that_say_so()
    {
        var enormous = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX: {new string('x', 10 << 20)}\r\nContent-Length: 2\r\n\r\n{{}}");
        foreach (var (answer, reason) in new[]
        {
            ("SSH-2.0-OpenSSH_9.9\r\n\r\n"u8.ToArray(), "The server's answer is not HTTP."),
            (enormous, "The server's answer is longer than allowed."),
        })
        {
            await using var store = await ToxicStore.StartAsync(_ => Toxic.Answering(answer));
            await using var host = new PeerHost(store.BaseUrl, Settings);
            var files = Files(isLarge: false);

            var records = await host.UploadAsync(files);

            records.AssertAreOf(files);
            Assert.All(records, record => Assert.Equal((false, reason), (record.IsSuccess(), record.Status())));
            await store.AssertHoldsAsync([]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_job_of_files_with_connections_broken_at_random_has_a_record_of_each_and_stores_all(int seed)
    {
        var script = new RandomToxics(seed, requestBytes: 40_000, answerBytes: 6_000);
        await using var store = await ToxicStore.StartAsync(script.Next);
        await using var host = new PeerHost(
            store.BaseUrl, [.. Settings, ("DicomWeb:MaxAttempts", "100"), ("Jobs:MaxWorkers", "4"), ("Jobs:BufferSize", "8")]);
        var files = ToxicFile.Many(300);

        var records = await host.UploadAsync(files);

        records.AssertAreOf(files);
        records.AssertAllSucceeded();
        Assert.InRange(store.Proxy.Connections, 20, int.MaxValue);
        await store.AssertHoldsAsync(files);
    }

    [Fact]
    public async Task A_server_that_restarts_in_the_middle_of_a_job_costs_no_file()
    {
        await using var store = await ToxicStore.StartAsync(_ => Toxic.None with { Delay = TimeSpan.FromMilliseconds(40) });
        await using var host = new PeerHost(
            store.BaseUrl,
            [
                .. Settings, ("DicomWeb:MaxAttempts", "100"), ("DicomWeb:RetryDelay", "00:00:00.020"),
                ("DicomWeb:MaxRetryDelay", "00:00:00.050"),
                ("Jobs:MaxWorkers", "4"), ("Jobs:BufferSize", "2"),
            ]);
        var files = ToxicFile.Many(200);
        var uploading = host.UploadAsync(files);
        await Eventually.HoldsAsync(() => store.Requests > 10, "the job is under way");

        await store.Proxy.RestartAsync(TimeSpan.FromMilliseconds(200));

        var records = await uploading;
        records.AssertAreOf(files);
        records.AssertAllSucceeded();
        Assert.Contains(records, record => record.Attempts() > 1);
        await store.AssertHoldsAsync(files);
    }

    private static List<ToxicFile> Files(bool isLarge) => isLarge ? ToxicFile.Many(1, LargeFile) : ToxicFile.Many(12);

    private static Toxic At(string place) => place switch
    {
        "connect" => Toxic.ResetBeforeRequest,
        "request" => Toxic.ResetInRequest(after: 60),
        "body of the request" => Toxic.ResetInRequest(after: 9_000),
        "answer" => Toxic.ResetBeforeAnswer,
        "headers" => Toxic.ResetInAnswer(after: 40),
        _ => Toxic.ResetInAnswer(after: 300),
    };
}
