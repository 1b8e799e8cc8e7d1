using System.Runtime.InteropServices;

namespace DicomFunctions.Bench;

/// <summary>Runs the requested sections and prints their tables.</summary>
internal sealed class Bench(bool isQuick)
{
    public static readonly string[] Sections = ["rate", "cpu", "length", "scanner", "first"];

    public async Task RunAsync(IReadOnlyCollection<string> sections)
    {
        Console.WriteLine($"{DateTime.UtcNow:u}  {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors");
        if (sections.Contains("scanner"))
            ScannerBench.Run(isQuick);
        if (sections.Contains("first"))
            await FirstBench.RunAsync(isQuick);
        if (!sections.Except(["scanner", "first"]).Any())
            return;

        var folder = Directory.CreateTempSubdirectory("dicomfn-bench-");
        try
        {
            await using var sides = await Sides.StartAsync(folder.FullName);
            await sides.WarmUpAsync();
            if (sections.Contains("cpu"))
                await ProcessorBench.RunAsync(sides, isQuick);
            if (sections.Contains("length"))
                await LengthBench.RunAsync(sides, isQuick);
            if (sections.Contains("rate"))
                await RateBench.RunAsync(sides, isQuick);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
