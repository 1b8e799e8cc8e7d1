namespace DicomFunctions.Bench;

/// <summary>The floor and the host, each in its own process, with one emulator.</summary>
internal sealed class Sides : IAsyncDisposable
{
    public const int DefaultWorkers = 5;
    public const int MaxWorkers = 80;
    public const int RowBytes = 1000;

    private const int WarmUpRounds = 12;
    private const int WarmUpRequests = 10_000;

    private readonly StoreProcess _store;
    private readonly FloorProcess _floor;
    private readonly HostProcess _host;
    private readonly string _folder;
    private int _stores;

    private Sides(StoreProcess store, FloorProcess floor, HostProcess host, string folder) =>
        (_store, _floor, _host, _folder) = (store, floor, host, folder);

    /// <summary>The folder with the files to upload.</summary>
    public string DropFolder => Path.Combine(_folder, "drop", "bench");

    public static async Task<Sides> StartAsync(string folder)
    {
        var store = await StoreProcess.StartAsync();
        return new Sides(store, new FloorProcess(store), await HostProcess.StartAsync(store.Root, folder, MaxWorkers), folder);
    }

    /// <summary>
    /// Warms up until the just-in-time compiler has little left to do: it recompiles hot code again and again in the pauses. Without this,
    /// the first hundred thousand searches cost several times as much as later ones.
    /// </summary>
    public async Task WarmUpAsync()
    {
        await AnswerAsync(1);
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await SearchAsync(1, WarmUpRequests, DefaultWorkers);
            await Task.Delay(TimeSpan.FromMilliseconds(300));
        }
    }

    /// <summary>Makes the emulator answer searches of the store with this name with this many rows of 1,000 bytes.</summary>
    public Task AnswerAsync(int rows) => _store.AnswerAsync(StoreOf(rows), rows, RowBytes);

    /// <summary>Runs the same searches with the floor and then with a job: lookups of one row, or of a study with many rows.</summary>
    public async Task<Comparison> SearchAsync(int rows, int count, int workers) => new(
        await Measurement.TakeAsync(
            () => _floor.ProcessorSeconds, _store, () => _floor.SearchAsync(StoreOf(rows), count, isLookup: rows == 1, workers)),
        await SearchJobAsync(rows, count, workers));

    /// <summary>Runs the same searches with the simplest program that keeps the answers.</summary>
    public Task<Measurement> KeepAsync(int rows, int count, int workers) => Measurement.TakeAsync(
        () => _floor.ProcessorSeconds, _store, () => _floor.KeepAsync(StoreOf(rows), _folder, count, isLookup: rows == 1, workers));

    /// <summary>Runs only a job.</summary>
    public Task<Measurement> SearchJobAsync(int rows, int count, int workers) =>
        JobAsync("search", Load.SearchJob(StoreOf(rows), count, isLookup: rows == 1, workers), count);

    /// <summary>Uploads the same files, each time into another store, where they are new.</summary>
    public async Task<Comparison> UploadAsync(int count, int workers)
    {
        var body = Load.UploadJob($"up-{++_stores}", count, workers);
        return new(
            await Measurement.TakeAsync(
                () => _floor.ProcessorSeconds, _store, () => _floor.UploadAsync($"up-{++_stores}", DropFolder, count, workers)),
            await JobAsync("upload", body, count));
    }

    /// <summary>Uploads the files of <see cref="DropFolder"/> to a store.</summary>
    public Task FillAsync(string store, int count) => JobAsync("upload", Load.UploadJob(store, count, DefaultWorkers), count);

    /// <summary>Retrieves the same instances with the floor, one by one, and with a job, a series with each request.</summary>
    public async Task<Comparison> RetrieveAsync(string store, int count, int perSeries, int workers) => new(
        await Measurement.TakeAsync(
            () => _floor.ProcessorSeconds, _store, () => _floor.RetrieveAsync(store, count, perSeries, workers)),
        await JobAsync("retrieve", Load.RetrieveJob(store, count / perSeries, workers), count / perSeries));

    /// <summary>
    /// Copies the same instances to another store, where they are deleted before: with the floor one by one by name, and with a job of one
    /// search.
    /// </summary>
    public async Task<Comparison> CopyAsync(string store, int count, int perSeries, int workers)
    {
        var (byFloor, byJob) = ($"{store}-floor", $"{store}-job");
        await _store.DeleteStudiesAsync(byFloor);
        await _store.DeleteStudiesAsync(byJob);
        return new(
            await Measurement.TakeAsync(
                () => _floor.ProcessorSeconds, _store, () => _floor.CopyAsync(store, byFloor, count, perSeries, workers)),
            await JobAsync("upload", Load.CopyJob(store, byJob, workers), count));
    }

    /// <summary>Retrieves the same instances with the simplest program that keeps them.</summary>
    public Task<Measurement> KeepRetrievedAsync(string store, int count, int perSeries, int workers) => Measurement.TakeAsync(
        () => _floor.ProcessorSeconds, _store, () => _floor.KeepRetrievedAsync(store, _folder, count, perSeries, workers));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _floor.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task<Measurement> JobAsync(string kind, byte[] body, int count)
    {
        var measurement = await Measurement.TakeAsync(() => _host.ProcessorSeconds, _store, () => _host.RunAsync(kind, body, count));
        await _host.DeleteLastAsync();
        return measurement;
    }

    private static string StoreOf(int rows) => $"rows-{rows}";
}
