using System.CommandLine;
using DicomFunctions.Local.Phantom;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn phantom</c>: a valid synthetic CT series, for trials.</summary>
internal static class PhantomCommand
{
    public static Command Create()
    {
        var defaults = new PhantomOptions();
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where to; made if need be." };
        var slices = new Option<int>("--slices") { Description = "Images.", DefaultValueFactory = _ => defaults.Slices };
        var size = new Option<int>("--size") { Description = "Rows and columns of each.", DefaultValueFactory = _ => defaults.Rows };
        var seed = new Option<int>("--seed") { Description = "Another seed gives other UIDs.", DefaultValueFactory = _ => 1 };
        var command = new Command("phantom", "Write a valid synthetic CT series of nobody.") { folder, slices, size, seed };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = defaults with
            {
                Slices = parsed.GetValue(slices),
                Rows = parsed.GetValue(size),
                Columns = parsed.GetValue(size),
                Seed = parsed.GetValue(seed),
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
