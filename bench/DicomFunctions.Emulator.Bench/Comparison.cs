using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Bench;

/// <summary>
/// Runs every kind of load against the bare server and the emulator in turn, for several rounds, and prints the medians side by side.
/// </summary>
internal static class Comparison
{
    private const int Rounds = 3;
    private const string Placeholder = "777000000000000";

    public static async Task RunAsync(TimeSpan duration, int connections)
    {
        var directory = Directory.CreateTempSubdirectory("emulator-bench-");
        try
        {
            await using var floor = await ServerProcess.StartAsync("floor");
            await using var memory = await ServerProcess.StartAsync("emulator");
            await using var disk = await ServerProcess.StartAsync("emulator", Path.Combine(directory.FullName, "flushed"));
            await using var unflushed = await ServerProcess.StartAsync("unflushed", Path.Combine(directory.FullName, "unflushed"));
            (string Name, ServerProcess Server)[] servers =
            [
                ("bare server", floor), ("emulator in memory", memory), ("in a directory", disk), ("in a directory, no flush", unflushed),
            ];
            await PrepareAsync(servers);

            await CompareAsync("QIDO, one instance by its UIDs", servers, (load, _) =>
                load.SearchAsync("instances?StudyInstanceUID=1.2.3.9&SeriesInstanceUID=1.2.3.9.1&SOPInstanceUID=1.2.3.9.1.7", duration));
            await CompareAsync("QIDO, page of 500 instances", servers, (load, _) =>
                load.SearchAsync("studies/1.2.3.9/series/1.2.3.9.1/instances?limit=500", duration));
            await CompareStowAsync("STOW, 10 KB", 10_000, 1, servers, duration);
            await CompareStowAsync("STOW, 20 x 10 KB multipart", 10_002, 20, servers, duration);
            await CompareStowAsync("STOW, 525 KB", 525_000, 1, servers, TimeSpan.FromSeconds(Math.Min(1, duration.TotalSeconds)));

            foreach (var (name, server) in servers)
            {
                Console.WriteLine($"{name}: peak memory {server.PeakBytes >> 20} MB");
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        async Task CompareStowAsync(string title, int size, int parts, (string, ServerProcess)[] servers, TimeSpan duration)
        {
            // Each size has its own study, so that loads do not find each other's instances.
            var template = SomeDicom.Instance(study: size).With(Tags.SopInstanceUid, Vr.UI, "1.2." + Placeholder)
                .With(Tags.PixelData, Vr.OW, new byte[size]).ToBytes();
            var at = template.AsSpan().IndexOf("777000000000000"u8);
            await CompareAsync(title, servers, (load, round) => parts == 1
                ? load.StowAsync(template, at, round + 100, duration)
                : load.StowManyAsync(template, at, round + 200, parts, duration));
        }

        async Task CompareAsync(string title, (string Name, ServerProcess Server)[] servers, Func<Load, int, Task<Measurement>> run)
        {
            var results = servers.ToDictionary(server => server.Name, _ => new List<Measurement>());
            for (var round = 0; round <= Rounds; round++)
            {
                foreach (var (name, server) in servers)
                {
                    using var load = new Load(server, connections);
                    var measurement = await run(load, round);
                    if (round > 0)
                    {
                        // The first round warms up.
                        results[name].Add(measurement);
                    }
                }
            }

            Print(title, connections, results.ToDictionary(result => result.Key, result => Measurement.Median(result.Value)));
        }
    }

    private static async Task PrepareAsync((string Name, ServerProcess Server)[] servers)
    {
        foreach (var (_, server) in servers)
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            for (var number = 1; number <= 500; number++)
            {
                using var content = new ByteArrayContent(SomeDicom.Instance(number, study: 9).ToBytes());
                content.Headers.ContentType = new("application/dicom");
                using var response = await client.PostAsync(
                    new Uri("v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies", UriKind.Relative), content);
                response.EnsureSuccessStatusCode();
            }
        }
    }

    private static void Print(string title, int connections, Dictionary<string, Measurement> results)
    {
        Console.WriteLine($"{title}, {connections} connections");
        var floor = results.Values.First();
        foreach (var (name, result) in results)
        {
            Console.WriteLine(
                $"  {name,-24} {result.RequestsPerSecond,9:F0} requests/s {result.MegabytesPerSecond,8:F1} MB/s "
                + $"{result.ServerMicrosecondsPerRequest,8:F0} us of server CPU each   "
                + $"{result.RequestsPerSecond / floor.RequestsPerSecond,5:P0} of the bare server");
        }
    }
}
