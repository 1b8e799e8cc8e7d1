using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DicomFunctions.Local.Demo;

/// <summary>Runs the whole loop once, for every file below a folder.</summary>
internal static class DemoOnce
{
    /// <summary>True if every file left exactly one record and every stored instance was found.</summary>
    public static async Task<bool> RunAsync(DirectoryInfo source, string runs, CancellationToken cancellationToken)
    {
        var folder = NewFolder(runs);
        var files = Files(source, runs);
        await SayAsync($"{files.Count} files below {source.FullName}; working in {folder}").ConfigureAwait(false);
        // One worker, so that among files with the same UIDs, every run stores the first by name.
        var site = await DemoSite.StartAsync(folder, "http://127.0.0.1:0", maxWorkers: 1, cancellationToken).ConfigureAwait(false);
        await using (site.ConfigureAwait(false))
        {
            var loop = new DemoLoop(site);
            var names = DemoDrop.Copy(source, files, site);
            await SayAsync($"dropped {names.Count} into {site.Incoming}").ConfigureAwait(false);

            await loop.WaitForUploadsAsync(names.Count, cancellationToken).ConfigureAwait(false);
            var records = names.SelectMany(name => loop.Uploads.GetValueOrDefault(name) ?? []).ToList();
            var stored = records.Count(record => record.GetProperty("success").GetBoolean());
            await SayAsync($"uploaded: {stored} stored, {records.Count - stored} failed").ConfigureAwait(false);

            await loop.WaitForNotificationsAsync(cancellationToken).ConfigureAwait(false);
            await SayAsync($"notifications: {loop.Messages.Count}, which led to {loop.Found.Count()} of {loop.Stored.Count} instances")
                .ConfigureAwait(false);
            await loop.SearchForTheRestAsync(cancellationToken).ConfigureAwait(false);

            var path = Path.Combine(folder, "records.ndjson");
            await File.WriteAllLinesAsync(path, records.Select(record => record.GetRawText()), new UTF8Encoding(false), cancellationToken)
                .ConfigureAwait(false);
            var summary = new DemoSummary(files.Count, stored, records.Count - stored, loop.Messages.Count, loop.Found.Count(), path);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(summary, DemoJson.Default.DemoSummary)).ConfigureAwait(false);
            return names.Count == files.Count
                && names.TrueForAll(name => loop.Uploads.GetValueOrDefault(name) is [_])
                && loop.Found.Count() == loop.Stored.Count;
        }
    }

    private static Task SayAsync(string text) => Console.Error.WriteLineAsync(text);

    /// <summary>A new folder for every run, so that no run sees what another stored.</summary>
    private static string NewFolder(string runs)
    {
        var name = Path.Combine(runs, DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        var folder = name;
        for (var i = 2; Directory.Exists(folder); i++)
            folder = $"{name}-{i}";
        return Directory.CreateDirectory(folder).FullName;
    }

    private static List<string> Files(DirectoryInfo source, string runs)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        return [.. Directory.EnumerateFiles(source.FullName, "*", options)
            .Where(file => !file.StartsWith(runs + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }
}
