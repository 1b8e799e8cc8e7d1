namespace DicomFunctions.Bench;

/// <summary>The cost of a run in seconds: by the clock, and of the client's and the emulator's processor time.</summary>
internal readonly record struct Measurement(double Wall, double Client, double Store)
{
    public static async Task<Measurement> TakeAsync(Func<double> client, StoreProcess store, Func<Task<double>> run)
    {
        var (clientBefore, storeBefore) = (client(), store.ProcessorSeconds);
        var wall = await run();
        return new Measurement(wall, client() - clientBefore, store.ProcessorSeconds - storeBefore);
    }
}
