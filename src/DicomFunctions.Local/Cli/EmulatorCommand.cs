using System.CommandLine;
using DicomFunctions.Emulator;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn emulator</c>: a Cloud Healthcare DICOM store on this machine.</summary>
internal static class EmulatorCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url")
        {
            Description = "Where to listen; port 0 takes a free one. Non-loopback addresses need --bearer.",
            DefaultValueFactory = _ => "http://127.0.0.1:8042",
        };
        var directory = new Option<DirectoryInfo?>("--dir") { Description = "Keep everything in this directory. Default: in memory." };
        var token = new Option<string?>("--bearer")
        {
            Description = "Require this bearer token for DICOMweb requests and for every request from another machine.",
        };
        var stores = new Option<string[]>("--store")
        {
            Description = "A store to create at start, with its topic and subscription; others are created on first use.",
            DefaultValueFactory = _ => [],
        };
        var pubSub = new Option<string?>("--pubsub-emulator")
        {
            Description = "Publish notifications to a real Pub/Sub emulator instead of its own. Default: PUBSUB_EMULATOR_HOST.",
            HelpName = "HOST:PORT",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PUBSUB_EMULATOR_HOST"),
        };
        var noFlush = new Option<bool>("--no-flush")
        {
            Description = "Do not wait for the disk: faster, and safe if the process is killed, but not if power fails.",
        };
        var command = new Command("emulator", "Run a Cloud Healthcare DICOM store (DICOMweb, Pub/Sub notifications) on this machine.")
        {
            url, directory, token, stores, pubSub, noFlush,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new EmulatorOptions
            {
                Url = parsed.GetRequiredValue(url),
                Directory = parsed.GetValue(directory)?.FullName,
                BearerToken = parsed.GetValue(token),
                Stores = parsed.GetRequiredValue(stores),
                PubSubEmulatorHost = parsed.GetValue(pubSub),
                FlushToDisk = !parsed.GetValue(noFlush),
            };
            OwnerOnlyFiles.Begin();
            DicomStoreEmulator emulator;
            try
            {
                emulator = await DicomStoreEmulator.StartAsync(options, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or FormatException or UnauthorizedAccessException)
            {
                throw new UsageException(exception.Message);
            }

            await using (emulator.ConfigureAwait(false))
            {
                await Console.Out.WriteLineAsync($"{emulator.BaseAddress}v1").ConfigureAwait(false);
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
