using System.Text;
using System.Text.Json;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Support;

/// <summary>A <c>dicomfn serve</c> on a free port, and what a client does with it.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private const string Greeting = "Listening on ";

    private ServeProcess(DicomFn process) => Process = process;

    public DicomFn Process { get; }

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(3) };

    /// <summary>Starts one, and does not wait for it.</summary>
    public static ServeProcess Begin(string data, IReadOnlyDictionary<string, string>? settings, params string[] arguments) =>
        new(DicomFn.Start(["serve", "--data", data, "--url", "http://127.0.0.1:0", .. arguments], settings));

    /// <summary>Starts one that answers.</summary>
    public static async Task<ServeProcess> StartAsync(string data, IReadOnlyDictionary<string, string>? settings, params string[] arguments)
    {
        var serve = Begin(data, settings, arguments);
        await serve.ListensAsync();
        return serve;
    }

    /// <summary>Waits until it listens; fails with what it said when it ends instead.</summary>
    public async Task ListensAsync()
    {
        await Eventually.HoldsAsync(
            () => Process.HasExited || Process.Error.Contains(", data in ", StringComparison.Ordinal), "it listens");
        if (Process.HasExited)
        {
            await Process.ExitedAsync();
            throw new InvalidOperationException($"It ended with {Process.ExitCode}: {Process.Error}");
        }

        var said = Process.Error;
        var start = said.IndexOf(Greeting, StringComparison.Ordinal) + Greeting.Length;
        Http.BaseAddress = new Uri(said[start..said.IndexOf(',', start)]);
    }

    /// <summary>Submits a job and gives its id.</summary>
    public async Task<string> SubmitAsync(string path, HttpContent body)
    {
        using (body)
        using (var answer = await Http.PostAsync(path, body))
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == 202, text);
            using var accepted = JsonDocument.Parse(text);
            return accepted.RootElement.GetProperty("id").GetString()!;
        }
    }

    /// <summary>Submits a job given as JSON and gives its id.</summary>
    public Task<string> SubmitAsync(string path, string json) => SubmitAsync(path, Json(json));

    /// <summary>A job's state.</summary>
    public async Task<string> StateAsync(string id)
    {
        using var job = JsonDocument.Parse(await Http.GetStringAsync($"api/jobs/{id}"));
        return job.RootElement.GetProperty("state").GetString()!;
    }

    /// <summary>Waits until a job has completed; fails at once when it comes to another end.</summary>
    public async Task CompletesAsync(string id)
    {
        var state = "";
        await Eventually.HoldsAsync(
            async () => (state = await StateAsync(id)) is not ("pending" or "running"), "the job ends", TimeSpan.FromMinutes(4));
        Assert.Equal("completed", state);
    }

    /// <summary>A job's records, in order.</summary>
    public async Task<List<JsonElement>> RecordsAsync(string id)
    {
        var text = await Http.GetStringAsync($"api/jobs/{id}/results");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>Whether it is up and says so.</summary>
    public async Task<bool> IsHealthyAsync()
    {
        using var answer = await Http.GetAsync("api/health");
        return answer.IsSuccessStatusCode;
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return Process.DisposeAsync();
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
