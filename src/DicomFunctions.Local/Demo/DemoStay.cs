using DicomFunctions.Local.Phantom;

namespace DicomFunctions.Local.Demo;

/// <summary>Shows the loop with a synthetic series, then stays up.</summary>
internal static class DemoStay
{
    public static async Task RunAsync(string folder, string url, CancellationToken cancellationToken)
    {
        var site = await DemoSite.StartAsync(folder, url, maxWorkers: null, cancellationToken).ConfigureAwait(false);
        await using (site.ConfigureAwait(false))
        {
            Say($"1. An emulated Cloud Healthcare DICOM store is up at {site.EmulatorUrl}v1/{DemoSite.Store}");
            Say($"2. The API is up at {site.ApiUrl}/api, and the drop folder at {site.Incoming}");
            await ShowAsync(site, cancellationToken).ConfigureAwait(false);
            Say("Now drop your own DICOM files there, or search:");
            Say($"   curl '{site.ApiUrl}/api/search?wait=10' -d '{Example}'");
            Say($"   curl {site.ApiUrl}/api/jobs");
            Say($"The dashboard is at {site.ApiUrl}/api/dashboard");
            Say("Ctrl+C stops.");
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private const string Example =
        """{"project_id":"demo","region":"here","dataset_id":"demo","dicom_store_id":"demo","search_type":"studies"}""";

    private static async Task ShowAsync(DemoSite site, CancellationToken cancellationToken)
    {
        // A new seed for every run: the store already has the series of the last one.
        var seed = (int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % int.MaxValue);
        var series = new PhantomSeries(new PhantomOptions { Seed = seed });
        var folder = Path.Combine(site.Folder, ".phantom");
        var count = 0;
        await foreach (var file in series.WriteAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            DemoDrop.Move(file, site.Incoming, Path.Combine($"phantom-{seed}", Path.GetFileName(file)));
            count++;
        }

        Directory.Delete(folder, recursive: true);
        Say($"3. {count} files of a synthetic CT series were dropped there");
        var loop = new DemoLoop(site);
        await loop.WaitForUploadsAsync(count, cancellationToken).ConfigureAwait(false);
        Say($"4. They were uploaded: {loop.Stored.Count} instances stored, one record per file");
        await loop.WaitForNotificationsAsync(cancellationToken).ConfigureAwait(false);
        Say($"5. {loop.Messages.Count} notifications arrived, and the resulting searches found {loop.Found.Count()} instances");
    }

    private static void Say(string text) => Console.Out.WriteLine(text);
}
