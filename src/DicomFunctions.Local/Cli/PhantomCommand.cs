using System.CommandLine;
using DicomFunctions.Local.Phantom;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn phantom</c>: a valid synthetic CT series, for trials.</summary>
internal static class PhantomCommand
{
    public static Command Create()
    {
        var defaults = new PhantomOptions();
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Target folder; created if missing." };
        var slices = NumberOption.Create("--slices", 1, 9_999, $"Number of images. Default: {defaults.Slices}.");
        var size = NumberOption.Create("--size", 1, 4_096, $"Rows and columns of each image. Default: {defaults.Rows}.");
        var seed = NumberOption.Create(
            "--seed", int.MinValue, int.MaxValue, $"A different seed gives different UIDs. Default: {defaults.Seed}.");
        var command = new Command("phantom", "Write a valid synthetic CT series.") { folder, slices, size, seed };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = defaults with
            {
                Slices = parsed.GetValue(slices) ?? defaults.Slices,
                Rows = parsed.GetValue(size) ?? defaults.Rows,
                Columns = parsed.GetValue(size) ?? defaults.Columns,
                Seed = parsed.GetValue(seed) ?? defaults.Seed,
            };
            if (options.Problem() is { } problem)
                throw new UsageException(problem);
            var files = new PhantomSeries(options).WriteAsync(parsed.GetRequiredValue(folder).FullName, cancellationToken);
            await foreach (var file in files.ConfigureAwait(false))
                await Console.Out.WriteLineAsync(file).ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }
}
