using System.Net.Http.Json;
using System.Text;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Peers;

/// <summary>Google's Pub/Sub emulator: its jar is started, not gcloud's wrapper, which would leave the Java process behind.</summary>
internal sealed class PubSubServer : IAsyncDisposable
{
    private static readonly string? Jar = FindJar();

    private readonly PeerProcess _process;
    private readonly HttpClient _http;

    private PubSubServer(PeerProcess process, int port)
    {
        _process = process;
        Address = $"127.0.0.1:{port}";
        _http = new HttpClient { BaseAddress = new Uri($"http://{Address}/") };
    }

    /// <summary>Why its tests are skipped; null when it is installed.</summary>
    public static string? Missing => Jar is null
        ? "Google's Pub/Sub emulator is not installed (gcloud components install pubsub-emulator)."
        : File.Exists("/usr/bin/java")
            || Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "java")))
            ? null
            : "Google's Pub/Sub emulator needs Java.";

    /// <summary><c>HOST:PORT</c>, for PUBSUB_EMULATOR_HOST.</summary>
    public string Address { get; }

    public static async Task<PubSubServer> StartAsync()
    {
        var port = Ports.Free();
        var process = PeerProcess.Start("java", "-Xmx512m", "-jar", Jar!, "--host=127.0.0.1", $"--port={port}");
        await process.AnswersAsync($"http://127.0.0.1:{port}/");
        return new PubSubServer(process, port);
    }

    /// <summary>Makes a topic and a subscription to it.</summary>
    public async Task CreateAsync(string topic, string subscription, int ackDeadlineSeconds = 10)
    {
        using var made = await _http.PutAsJsonAsync($"v1/{topic}", new { });
        made.EnsureSuccessStatusCode();
        using var subscribed = await _http.PutAsJsonAsync($"v1/{subscription}", new { topic, ackDeadlineSeconds });
        subscribed.EnsureSuccessStatusCode();
    }

    /// <summary>Publishes messages, at most 1,000 at once.</summary>
    public async Task PublishAsync(string topic, IEnumerable<string> data)
    {
        var messages = data.Select(text => new { data = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) });
        using var answer = await _http.PostAsJsonAsync($"v1/{topic}:publish", new { messages });
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static string? FindJar()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            var gcloud = new FileInfo(Path.Combine(folder, "gcloud"));
            if (!gcloud.Exists)
                continue;
            var real = gcloud.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? gcloud.FullName;
            var lib = Path.Combine(Path.GetDirectoryName(real)!, "..", "platform", "pubsub-emulator", "lib");
            if (Directory.Exists(lib) && Directory.EnumerateFiles(lib, "cloud-pubsub-emulator-*.jar").FirstOrDefault() is { } jar)
                return jar;
        }

        return null;
    }
}
