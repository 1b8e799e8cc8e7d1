using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Integration.Peers;

namespace DicomFunctions.Integration.Network;

/// <summary>Searches over connections that break: every row once, or a failure that says so.</summary>
public sealed class BrokenSearchTests
{
    private const int Rows = 45;
    private const int Pages = 5;
    private const int MaxAttempts = 3;

    private static readonly (string, string)[] Settings =
    [
        ("DicomWeb:PageSizes:Instances", "10"), ("DicomWeb:MaxAttempts", "3"), ("DicomWeb:RetryDelay", "00:00:00.001"),
        ("DicomWeb:ConnectionIdleTimeout", "00:00:30"),
    ];

    /// <summary>Where a connection breaks: a page is some 4,200 bytes, its headers about 150, a request about 200.</summary>
    public static TheoryData<string> Places => new("connect", "request", "answer", "headers", "body");

    public static TheoryData<string> CutAnswers => new(Cuts.Names);

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_connection_that_breaks_once_finds_every_row_once(string place)
    {
        await using var store = await ToxicStore.StartAsync(At(place));
        store.SetRows(Rows);
        await using var host = new PeerHost(store.BaseUrl, Settings);

        var record = await host.SearchAsync("instances", new { });

        Assert.True(record.IsSuccess(), record.GetRawText());
        Assert.Equal(await store.RowsAsync(), record.Rows());
        Assert.Equal(Pages + 1, record.Attempts());
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_connection_that_always_breaks_is_a_failure_that_says_so(string place)
    {
        await using var store = await ToxicStore.StartAsync(_ => At(place));
        store.SetRows(Rows);
        await using var host = new PeerHost(store.BaseUrl, Settings);

        var record = await host.SearchAsync("instances", new { });

        Assert.False(record.IsSuccess());
        Assert.Contains(record.Status(), Records.BrokenConnection);
        Assert.Equal(MaxAttempts, record.Attempts());
        // What came of the broken pages was rows of the answer, and is told to be a part.
        Assert.Equal(record.Rows().Count > 0, record.IsPartial());
        Assert.Equal((await store.RowsAsync()).Take(record.Rows().Count), record.Rows());
    }

    [Fact]
    public async Task A_connection_that_breaks_on_the_third_page_for_good_is_partial()
    {
        await using var store = await ToxicStore.StartAsync(
            connection => connection == 0 ? Toxic.ResetInAnswer(2 * 4_300) : Toxic.ResetBeforeAnswer);
        store.SetRows(Rows);
        await using var host = new PeerHost(store.BaseUrl, Settings);

        var record = await host.SearchAsync("instances", new { });

        Assert.False(record.IsSuccess());
        Assert.True(record.IsPartial());
        Assert.InRange(record.Rows().Count, 10, 29);
        Assert.Equal((await store.RowsAsync()).Take(record.Rows().Count), record.Rows());
    }

    [Theory]
    [MemberData(nameof(CutAnswers))]
    public async Task A_cut_answer_is_asked_for_again(string cut)
    {
        await using var store = await ToxicStore.StartAsync(Cuts.Toxic(cut));
        store.SetRows(Rows);
        await using var host = new PeerHost(store.BaseUrl, Settings);

        var record = await host.SearchAsync("instances", new { });

        Assert.True(record.IsSuccess(), record.GetRawText());
        Assert.Equal(await store.RowsAsync(), record.Rows());
        Assert.Equal(Pages + 1, record.Attempts());
    }

    [Theory]
    [MemberData(nameof(CutAnswers))]
    public async Task An_answer_that_is_always_cut_is_no_success(string cut)
    {
        await using var store = await ToxicStore.StartAsync(_ => Cuts.Toxic(cut));
        store.SetRows(Rows);
        await using var host = new PeerHost(store.BaseUrl, Settings);

        var record = await host.SearchAsync("instances", new { });

        Assert.False(record.IsSuccess(), record.GetRawText());
        Assert.Equal(MaxAttempts, record.Attempts());
        Assert.Equal(record.Rows().Count > 0, record.IsPartial());
        Assert.Equal((await store.RowsAsync()).Take(record.Rows().Count), record.Rows());
    }

    [Fact]
    public async Task Garbage_is_a_failure_that_says_so()
    {
        await using var store = await ToxicStore.StartAsync(_ => Toxic.Answering("SSH-2.0-OpenSSH_9.9\r\n\r\n"u8.ToArray()));
        await using var host = new PeerHost(store.BaseUrl, Settings);

        var record = await host.SearchAsync("studies", new { });

        Assert.False(record.IsSuccess());
        Assert.Equal("The server's answer is not HTTP.", record.Status());
    }

    [Fact]
    public async Task An_enormous_header_is_a_failure_that_says_so()
    {
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX: {new string('x', 10 << 20)}\r\nContent-Length: 2\r\n\r\n[]");
        await using var store = await ToxicStore.StartAsync(_ => Toxic.Answering(answer));
        await using var host = new PeerHost(store.BaseUrl, Settings);

        var record = await host.SearchAsync("studies", new { });

        Assert.False(record.IsSuccess());
        Assert.Equal("The server's answer is longer than allowed.", record.Status());
    }

    [Fact]
    public async Task A_refusal_whose_reason_is_cut_or_never_comes_keeps_its_status()
    {
        const string Head = "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n";
        foreach (var rest in new[] { "Content-Length: 100\r\n\r\n{", "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc" })
        {
            foreach (var ending in new[] { Ending.Close, Ending.Silence })
            {
                await using var store = await ToxicStore.StartAsync(
                    _ => Toxic.Answering(Encoding.ASCII.GetBytes(Head + rest)) with { Ending = ending });
                await using var host = new PeerHost(store.BaseUrl, [.. Settings, ("DicomWeb:IdleTimeout", "00:00:00.500")]);

                var record = await host.SearchAsync("studies", new { });

                Assert.False(record.IsSuccess());
                Assert.Equal("403", record.Status());
                Assert.Equal(1, record.Attempts());
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_job_of_searches_with_connections_broken_at_random_has_a_record_of_each(int seed)
    {
        const int Inputs = 200;
        var script = new RandomToxics(seed, requestBytes: 2_000, answerBytes: 12_000);
        await using var store = await ToxicStore.StartAsync(script.Next);
        store.SetRows(rows: 12);
        await using var host = new PeerHost(store.BaseUrl, [.. Settings, ("DicomWeb:MaxAttempts", "100")]);
        var inputs = Enumerable.Range(0, Inputs).Select(i => PeerHost.Request("instances", new { StudyInstanceUID = $"1.2.{i}" })).ToList();

        var records = await host.RunAsync(new JobSubmission { Kind = JobKind.Search }, inputs);

        Assert.Equal(inputs, records.Select(record => record.GetProperty("input").GetRawText()));
        var expected = await store.RowsAsync();
        Assert.All(records, record =>
        {
            Assert.True(record.IsSuccess(), record.GetRawText());
            Assert.False(record.IsPartial());
            Assert.Equal(expected.Count, record.Rows().Distinct().Count());
            Assert.Equal(expected.Count, record.Rows().Count);
        });
        Assert.InRange(store.Proxy.Connections, 100, int.MaxValue);
    }

    [Fact]
    public async Task A_server_that_restarts_in_the_middle_of_a_job_costs_no_record()
    {
        const int Inputs = 300;
        await using var store = await ToxicStore.StartAsync(_ => Toxic.None with { Delay = TimeSpan.FromMilliseconds(20) });
        store.SetRows(rows: 3);
        await using var host = new PeerHost(
            store.BaseUrl, [
                .. Settings, ("DicomWeb:MaxAttempts", "100"), ("DicomWeb:RetryDelay", "00:00:00.020"),
                ("DicomWeb:MaxRetryDelay", "00:00:00.050"),
            ]);
        var inputs = Enumerable.Range(0, Inputs).Select(i => PeerHost.Request("studies", new { PatientID = $"{i}" })).ToList();
        var id = await host.SubmitAsync(new JobSubmission { Kind = JobKind.Search }, inputs);
        await Testing.Eventually.HoldsAsync(() => store.Requests > 30, "the job is under way");

        await store.Proxy.RestartAsync(TimeSpan.FromMilliseconds(200));

        var job = await host.Jobs.WaitAsync(id, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((JobStatus.Completed, (long)Inputs), (job!.State, job.Summary!.Succeeded));
        Assert.InRange(job.Summary.Attempts, Inputs + 1, long.MaxValue);
        List<JsonElement> records = await host.RecordsAsync(id);
        Assert.Equal(inputs, records.Select(record => record.GetProperty("input").GetRawText()));
    }

    private static Toxic At(string place) => place switch
    {
        "connect" => Toxic.ResetBeforeRequest,
        "request" => Toxic.ResetInRequest(after: 60),
        "answer" => Toxic.ResetBeforeAnswer,
        "headers" => Toxic.ResetInAnswer(after: 40),
        _ => Toxic.ResetInAnswer(after: 2_000),
    };
}
