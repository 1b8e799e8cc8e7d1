using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Emulator;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Network;

/// <summary>A bad network before Pub/Sub: every message comes to a record, some to more than one.</summary>
public sealed class ToxicNotificationTests
{
    private const string Topic = "projects/p/topics/images";
    private const string Subscription = "projects/p/subscriptions/images";

    public static TheoryData<string> Places => new("connect", "request", "answer", "headers", "body");

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_connection_that_breaks_loses_no_message(string place)
    {
        await using var peer = await StartAsync(connection => connection < 3 ? At(place) : Toxic.None, messages: 20);

        await peer.PumpAsync(messages: 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Connections_broken_at_random_lose_no_message(int seed)
    {
        var script = new RandomToxics(seed, requestBytes: 4_000, answerBytes: 12_000);
        // The network gets better in the end, or the last acknowledgement could be lost for ever.
        await using var peer = await StartAsync(connection => connection < 60 ? script.Next(connection) : Toxic.None, messages: 200);

        await peer.PumpAsync(messages: 200);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_tried_again_on_a_new_connection()
    {
        await using var peer = await StartAsync(
            connection => connection == 0 ? Toxic.ResetBeforeAnswer with { Ending = Ending.Silence } : Toxic.None, messages: 20);

        await peer.PumpAsync(messages: 20);
    }

    [Fact]
    public async Task An_answer_that_is_cut_is_never_taken_for_all_of_it()
    {
        foreach (var cut in Cuts.Names)
        {
            await using var peer = await StartAsync(connection => connection == 0 ? Cuts.Toxic(cut) : Toxic.None, messages: 20);

            await peer.PumpAsync(messages: 20);
        }
    }

    private static async Task<Peer> StartAsync(Func<int, Toxic> script, int messages)
    {
        var clock = new ShiftedClock();
        var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions
        {
            PubSubEmulatorHost = "",
            TimeProvider = clock,
            PullWait = TimeSpan.FromMilliseconds(20),
            Notifications = false,
        });
        emulator.Faults.SetSynthetic(ToxicStore.Name, new SyntheticAnswers { Rows = 1 });
        using var http = new HttpClient { BaseAddress = new Uri(emulator.BaseAddress, "v1/") };
        (await http.PutAsJsonAsync(Topic, new { })).EnsureSuccessStatusCode();
        (await http.PutAsJsonAsync(Subscription, new { topic = Topic, ackDeadlineSeconds = 600 })).EnsureSuccessStatusCode();
        var data = Enumerable.Range(0, messages).Select(i => new { data = Convert.ToBase64String(Encoding.UTF8.GetBytes(Instance(i))) });
        (await http.PostAsJsonAsync($"{Topic}:publish", new { messages = data })).EnsureSuccessStatusCode();
        return new Peer(emulator, clock, script);
    }

    private static string Instance(int number) =>
        $"{ToxicStore.Name}/dicomWeb/studies/1.2/series/1.2.{number % 5}/instances/1.2.3.{number}";

    private static Toxic At(string place) => place switch
    {
        "connect" => Toxic.ResetBeforeRequest,
        "request" => Toxic.ResetInRequest(after: 60),
        "answer" => Toxic.ResetBeforeAnswer,
        "headers" => Toxic.ResetInAnswer(after: 40),
        _ => Toxic.ResetInAnswer(after: 300),
    };

    private sealed class Peer : IAsyncDisposable
    {
        private readonly DicomStoreEmulator _emulator;
        private readonly ShiftedClock _clock;
        private readonly ToxicProxy _proxy;
        private readonly PeerHost _host;

        public Peer(DicomStoreEmulator emulator, ShiftedClock clock, Func<int, Toxic> script)
        {
            (_emulator, _clock) = (emulator, clock);
            _proxy = new ToxicProxy(emulator.BaseAddress, script);
            // Only Pub/Sub is behind the bad network.
            _host = new PeerHost(
                new Uri(emulator.BaseAddress, "v1").ToString(),
                ("Notifications:Subscription", Subscription),
                ("Notifications:BaseUrl", _proxy.Address.ToString()),
                ("Notifications:MaxMessages", "10"),
                ("Notifications:PullTimeout", "00:00:00.500"));
        }

        /// <summary>Pulls, as a host does again and again, until nothing is left, and checks that each message has its record.</summary>
        public async Task PumpAsync(int messages)
        {
            // A pull that takes too long, because the machine is busy, finds nothing: that is not the end.
            for (var quiet = 0; quiet < 6;)
            {
                try
                {
                    quiet = await _host.Pump.RunAsync(CancellationToken.None) == 0 ? quiet + 1 : 0;
                }
                catch (NotificationException)
                {
                    quiet = 0;
                }

                // What was delivered and not acknowledged is delivered again after its deadline.
                _clock.Ahead += TimeSpan.FromMinutes(11);
            }

            var found = await RecordsAsync();
            Assert.All(found, record => Assert.True(record.IsSuccess(), record.GetRawText()));
            // Delivered again means a second record, which its message_id tells.
            Assert.Equal(messages, found.Select(record => record.GetProperty("message_id").GetString()).Distinct().Count());
            Assert.Equal(
                Enumerable.Range(0, messages).Select(i => $"1.2.3.{i}").Order(StringComparer.Ordinal),
                found.Select(record => record.GetProperty("input").GetProperty("params").GetProperty("SOPInstanceUID").GetString()!)
                    .Distinct().Order(StringComparer.Ordinal));
        }

        public async ValueTask DisposeAsync()
        {
            await _host.DisposeAsync();
            await _proxy.DisposeAsync();
            await _emulator.DisposeAsync();
        }

        private async Task<List<JsonElement>> RecordsAsync()
        {
            List<JsonElement> records = [];
            await foreach (var job in _host.Jobs.ListAsync(before: null, CancellationToken.None))
            {
                var ended = await _host.Jobs.WaitAsync(job.Id, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
                Assert.Equal(JobStatus.Completed, ended!.State);
                records.AddRange(await _host.RecordsAsync(job.Id));
            }

            return records;
        }
    }
}
