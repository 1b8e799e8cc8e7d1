namespace DicomFunctions.Bench;

/// <summary>What a run took: in seconds of the clock, of the client's processor time, and of the emulator's.</summary>
internal readonly record struct Measurement(double Wall, double Client, double Store)
{
    public static async Task<Measurement> TakeAsync(Func<double> client, StoreProcess store, Func<Task<double>> run)
    {
        var (clientBefore, storeBefore) = (client(), store.ProcessorSeconds);
        var wall = await run();
        return new Measurement(wall, client() - clientBefore, store.ProcessorSeconds - storeBefore);
    }
}
