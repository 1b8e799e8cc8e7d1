using System.Runtime.InteropServices;

namespace DicomFunctions.Bench;

/// <summary>Runs the requested sections and prints their tables.</summary>
internal sealed class Bench(bool isQuick)
{
    public static readonly string[] Sections =
        ["rate", "cpu", "retrieve", "copy", "length", "retry", "burst", "telemetry", "scanner", "first"];

    public async Task RunAsync(IReadOnlyCollection<string> sections)
    {
        Console.WriteLine($"{DateTime.UtcNow:u}  {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors");
        if (sections.Contains("scanner"))
            ScannerBench.Run(isQuick);
        if (sections.Contains("first"))
            await FirstBench.RunAsync(isQuick);
        if (sections.Contains("retry"))
            await InFolderAsync(folder => RetryBench.RunAsync(folder, isQuick));
        if (sections.Contains("burst"))
            await BurstBench.RunAsync(InFolderAsync, isQuick);
        if (sections.Contains("telemetry"))
            await InFolderAsync(folder => TelemetryBench.RunAsync(folder, isQuick));
        if (!sections.Except(["retry", "burst", "telemetry", "scanner", "first"]).Any())
            return;

        await InFolderAsync(async folder =>
        {
            await using var sides = await Sides.StartAsync(folder);
            await sides.WarmUpAsync();
            if (sections.Contains("cpu"))
                await ProcessorBench.RunAsync(sides, isQuick);
            if (sections.Contains("retrieve"))
                await RetrieveBench.RunAsync(sides, isQuick);
            if (sections.Contains("copy"))
                await CopyBench.RunAsync(sides, isQuick);
            if (sections.Contains("length"))
                await LengthBench.RunAsync(sides, isQuick);
            if (sections.Contains("rate"))
                await RateBench.RunAsync(sides, isQuick);
        });
    }

    private static async Task InFolderAsync(Func<string, Task> run)
    {
        var folder = Directory.CreateTempSubdirectory("dicomfn-bench-");
        try
        {
            await run(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
