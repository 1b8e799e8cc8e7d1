using System.Diagnostics;

namespace DicomFunctions.Bench;

/// <summary>The floor in its own process.</summary>
internal sealed class FloorProcess(StoreProcess store) : IAsyncDisposable
{
    private readonly ChildProcess _process = ChildProcess.Start(Environment.ProcessPath!, ["floor"]);

    public double ProcessorSeconds => _process.ProcessorSeconds;

    public Task<double> SearchAsync(string name, int count, bool isLookup, int workers) =>
        OrderAsync($"{(isLookup ? "lookup" : "study")} {store.Root} {name} {count} {workers}");

    /// <summary>The same, but keeps every answer in the folder.</summary>
    public Task<double> KeepAsync(string name, string folder, int count, bool isLookup, int workers) =>
        OrderAsync($"keep-{(isLookup ? "lookup" : "study")} {store.Root} {name} {count} {workers} {folder}");

    public Task<double> UploadAsync(string name, string folder, int count, int workers) =>
        OrderAsync($"upload {store.Root} {name} {count} {workers} {folder}");

    public Task<double> RetrieveAsync(string name, int count, int perSeries, int workers) =>
        OrderAsync($"retrieve {store.Root} {name} {count} {workers} {perSeries}");

    /// <summary>Gets each instance and posts it to another store.</summary>
    public Task<double> CopyAsync(string name, string to, int count, int perSeries, int workers) =>
        OrderAsync($"copy {store.Root} {name} {count} {workers} {perSeries} {to}");

    /// <summary>The same, but keeps every instance in the folder.</summary>
    public Task<double> KeepRetrievedAsync(string name, string folder, int count, int perSeries, int workers) =>
        OrderAsync($"keep-retrieve {store.Root} {name} {count} {workers} {perSeries} {folder}");

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Returns the seconds it took.</summary>
    private async Task<double> OrderAsync(string order)
    {
        var watch = Stopwatch.StartNew();
        await _process.Input.WriteLineAsync(order);
        await _process.Input.FlushAsync();
        if (await _process.Output.ReadLineAsync() is null)
            throw new InvalidOperationException($"The floor failed: {await _process.Error.ReadToEndAsync()}");
        return watch.Elapsed.TotalSeconds;
    }
}
