using System.Net.Sockets;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Crash;

/// <summary>
/// A <c>dicomfn serve</c> with everything on, at an address that stays the same however often it is killed and started again.
/// </summary>
internal sealed class RestartedHost : IAsyncDisposable
{
    private readonly string[] _arguments;
    private readonly Dictionary<string, string> _settings;
    private DicomFn? _process;

    public RestartedHost(string data, EmulatorProcess emulator, EventReceiver events)
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        Http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
        var root = new Uri(new Uri(emulator.Url), "/").AbsoluteUri;
        _arguments =
        [
            "serve", "--data", data, "--url", url, "--base-url", emulator.Url, "--store", Stores.Files, "--buffer-size", "2",
            "--subscription", "projects/p/subscriptions/files", "--pubsub-url", root,
        ];
        _settings = new Dictionary<string, string>(Faulty.Client)
        {
            ["DicomFunctions__Notifications__PullTimeout"] = "00:00:01",
            // What a killed host had pulled comes again after this long.
            ["DicomFunctions__Notifications__AckDeadline"] = "00:00:10",
            ["DicomFunctions__Events__Url"] = events.Url,
            ["DicomFunctions__Events__Secret"] = EventReceiver.Secret,
        };
    }

    public HttpClient Http { get; }

    public int Kills { get; private set; }

    /// <summary>Starts it, if it does not run, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        Begin();
        await Eventually.HoldsAsync(AnswersAsync, "the host answers");
    }

    /// <summary>Kills it, and starts it again.</summary>
    public async Task KillAsync(bool waitForStart)
    {
        Begin();
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
        Kills++;
        Begin();
        if (waitForStart)
            await Eventually.HoldsAsync(AnswersAsync, "the host answers");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Http.Dispose();
    }

    private void Begin() => _process ??= DicomFn.Start(_arguments, _settings);

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process!.HasExited, _process.Error);
        try
        {
            using var answer = await Http.GetAsync("api/openapi.json");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException)
        {
            return false;
        }
    }
}
