using System.Globalization;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;
using Xunit.Abstractions;

namespace DicomFunctions.Process.Tests.Crash;

/// <summary>
/// The host is killed again and again, at any moment, while everything it does is going on at once: submit, search, upload, drop,
/// notifications, cancel, resume, retry, delete. DICOMFUNCTIONS_KILLS sets how often, DICOMFUNCTIONS_KILLS_SEED which moments.
/// </summary>
[Collection(Alone.Name)]
public sealed class KillTests(ITestOutputHelper log)
{
    private static readonly int Kills = Number("DICOMFUNCTIONS_KILLS", 25);
    private static readonly int Seed = Number("DICOMFUNCTIONS_KILLS_SEED", 20_261_125);

    [Fact]
    public async Task Whenever_the_host_is_killed_nothing_is_lost_or_doubled_or_out_of_order_or_left_in_limbo()
    {
        using var folder = new TempFolder();
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 1, rowBytes: 300);
        await using var events = await EventReceiver.StartAsync();
        await using var host = new RestartedHost(folder.Combine("data"), emulator, events);
        var work = new KillWorkload(host, folder.Combine("data"), folder.Combine("files"), Seed);
        await host.StartAsync();
        await work.PrepareAsync();
        using var stop = new CancellationTokenSource();
        var working = work.RunAsync(stop.Token);

        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Some while it starts, and has all to recover.
            await Task.Delay(random.Next(10) == 0 ? random.Next(100) : random.Next(50, 700));
            await host.KillAsync(waitForStart: random.Next(6) > 0);
        }

        await host.StartAsync();
        await stop.CancelAsync();
        await working;
        await work.CheckAsync(emulator);
        await work.CheckEventsAsync(events);
        log.WriteLine($"{host.Kills} kills, seed {Seed}: {work.Counts}");
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
