using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Telemetry;

/// <summary>What <c>dicomfn</c> sends to a collector, and its log as JSON.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Name = "Secretname^Some";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Traces_metrics_and_logs_of_a_job_are_exported_and_name_no_patient()
    {
        await using var collector = await Collector.StartAsync();
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        await using var serve = await ServeProcess.StartAsync(
            _folder.Combine("data"),
            new Dictionary<string, string>(Faulty.Client)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
            "--base-url", emulator.Url, "--store", Stores.Files);
        await UploadAsync(serve);
        await serve.Process.InterruptAsync();
        await serve.Process.ExitedAsync();
        Assert.Equal(0, serve.Process.ExitCode);

        Assert.Equal(["logs", "metrics", "traces"], collector.Signals);
        AssertContains(collector.TextOf("traces"), "POST /api/upload", "orchestration JobWorkflow", "activity RunBatches", "store");
        AssertContains(
            collector.TextOf("metrics"),
            "dicomfunctions.inputs", "dicomfunctions.request.duration", "dicomfunctions.job.duration", "dicomfunctions.activity.duration",
            "upload", "success", "failure", "2xx", "4xx");
        AssertContains(collector.TextOf("logs"), "2 of 3 inputs failed");
        Assert.All(["traces", "metrics", "logs"], signal => AssertNothingOfAPatient(collector.TextOf(signal)));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_fails_no_job()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        var files = SmallFiles.Write(_folder.Combine("files"), 3);
        var started = TimeProvider.System.GetTimestamp();
        var uploaded = await DicomFn.RunAsync(
            ["upload", "--base-url", emulator.Url, "--store", Stores.Files, "--data", _folder.Combine("data"), .. files],
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" });

        Assert.Equal(0, uploaded.ExitCode);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60));
        await SmallFiles.AssertHoldsAsync(emulator, Stores.Files, 3);
    }

    [Fact]
    public async Task Only_the_signal_that_has_an_endpoint_is_exported()
    {
        await using var collector = await Collector.StartAsync();
        var uploaded = await DicomFn.RunAsync(
            ["jobs", "list", "--data", _folder.Combine("data")],
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = collector.Url + "/v1/metrics",
                ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
            });
        Assert.Equal(0, uploaded.ExitCode);

        Assert.Equal(["metrics"], collector.Signals);
    }

    [Fact]
    public async Task The_log_of_serve_is_JSON_line_by_line_if_a_setting_says_so()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        await using var serve = await ServeProcess.StartAsync(
            _folder.Combine("data"),
            new Dictionary<string, string>(Faulty.Client) { ["Logging__Console__FormatterName"] = "json" },
            "--base-url", emulator.Url, "--store", Stores.Files);
        var id = await UploadAsync(serve);
        // The engine's last line of the job, which a host that stops at once might break off.
        await Eventually.HoldsAsync(
            () => serve.Process.Error.Contains($"Instance {id} is Completed.", StringComparison.Ordinal), "it is logged");
        await serve.Process.InterruptAsync();
        await serve.Process.ExitedAsync();

        var lines = serve.Process.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.All(lines, line => Assert.InRange(
            line.GetProperty("Timestamp").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1)));
        Assert.Single(lines, line => line.GetProperty("EventId").GetInt32() == 1321);
        var ended = Assert.Single(lines, line => line.GetProperty("EventId").GetInt32() == 812);
        Assert.Equal("Warning", ended.GetProperty("LogLevel").GetString());
        Assert.Equal(id, ended.GetProperty("State").GetProperty("Job").GetString());
        AssertNothingOfAPatient(serve.Process.Error);
    }

    /// <summary>Uploads a file, another of the same UIDs, and one that does not exist.</summary>
    private async Task<string> UploadAsync(ServeProcess serve)
    {
        var file = _folder.Combine($"{Name}.dcm");
        var other = _folder.Combine($"{Name}-2.dcm");
        await File.WriteAllBytesAsync(file, SmallFiles.Bytes(0));
        await File.WriteAllBytesAsync(other, [.. SmallFiles.Bytes(0)[..^2], 1, 2]);
        var id = await serve.SubmitAsync("api/upload", JsonSerializer.Serialize(
            new { destination = Stores.Files, inputs = new[] { file, other, file + ".none" }.Select(path => "file:" + path) }));
        await serve.CompletesAsync(id);
        return id;
    }

    private static void AssertContains(string text, params string[] words) =>
        Assert.All(words, word => Assert.Contains(word, text, StringComparison.Ordinal));

    private static void AssertNothingOfAPatient(string text) => Assert.All(
        ["Secretname", "2.25.7", ".dcm", SmallFiles.Uid(0)],
        secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
}
