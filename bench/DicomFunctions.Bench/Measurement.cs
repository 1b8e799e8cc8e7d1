using System.Diagnostics;

namespace DicomFunctions.Bench;

/// <summary>What a run took: in seconds of the clock, of the client's processor time, and of the emulator's.</summary>
internal readonly record struct Measurement(double Wall, double Client, double Store)
{
    public static async Task<Measurement> TakeAsync(Func<double> client, StoreProcess store, Func<Task> run)
    {
        var (clientBefore, storeBefore) = (client(), store.ProcessorSeconds);
        var watch = Stopwatch.StartNew();
        await run();
        return new Measurement(watch.Elapsed.TotalSeconds, client() - clientBefore, store.ProcessorSeconds - storeBefore);
    }
}
