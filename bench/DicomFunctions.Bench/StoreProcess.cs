using System.Net.Http.Json;

namespace DicomFunctions.Bench;

/// <summary>The emulator in its own process, with synthetic answers.</summary>
internal sealed class StoreProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private StoreProcess(ChildProcess process, string root) => (_process, Root) = (process, root);

    /// <summary>The URL before <c>projects/</c>, with the slash.</summary>
    public string Root { get; }

    public double ProcessorSeconds => _process.ProcessorSeconds;

    public static async Task<StoreProcess> StartAsync()
    {
        var process = ChildProcess.Start(ChildProcess.DicomFn, ["emulator", "--url", "http://127.0.0.1:0"]);
        var url = await process.Output.ReadLineAsync() ?? throw new InvalidOperationException("The emulator did not start.");
        return new StoreProcess(process, url + "/");
    }

    /// <summary>Makes a store answer searches with this many rows of this many bytes, after this long.</summary>
    public async Task AnswerAsync(string store, int rows, int rowBytes, int latencyMs = 0)
    {
        using var client = new HttpClient();
        await PutAsync("synthetic", new { rows, rowBytes });
        if (latencyMs > 0)
            await PutAsync("faults", new { latency = TimeSpan.FromMilliseconds(latencyMs) });

        async Task PutAsync(string what, object value)
        {
            var url = new Uri(new Uri(Root), $"/emulator/{what}?store={Uri.EscapeDataString(Load.Path(store))}");
            using var response = await client.PutAsJsonAsync(url, value);
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Deletes the study of <see cref="Load.WriteFiles"/> from a store, if it is there.</summary>
    public async Task DeleteStudiesAsync(string store)
    {
        using var client = new HttpClient();
        using var response = await client.DeleteAsync(new Uri(Root + Load.Study(store)));
        if (!response.IsSuccessStatusCode && (int)response.StatusCode != 404)
            response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
