namespace DicomFunctions.Bench;

/// <summary>The floor in a process of its own.</summary>
internal sealed class FloorProcess(StoreProcess store) : IAsyncDisposable
{
    private readonly ChildProcess _process = ChildProcess.Start(Environment.ProcessPath!, ["floor"]);

    public double ProcessorSeconds => _process.ProcessorSeconds;

    public Task SearchAsync(string name, int count, bool isLookup, int workers) =>
        OrderAsync($"{(isLookup ? "lookup" : "study")} {store.Root} {name} {count} {workers}");

    public Task UploadAsync(string name, string folder, int count, int workers) =>
        OrderAsync($"upload {store.Root} {name} {count} {workers} {folder}");

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task OrderAsync(string order)
    {
        await _process.Input.WriteLineAsync(order);
        await _process.Input.FlushAsync();
        if (await _process.Output.ReadLineAsync() is null)
            throw new InvalidOperationException($"The floor failed: {await _process.Error.ReadToEndAsync()}");
    }
}
