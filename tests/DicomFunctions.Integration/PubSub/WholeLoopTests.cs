using DicomFunctions.Integration.Peers;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.PubSub;

/// <summary>Files dropped, stored, notified through Google's own Pub/Sub emulator, and searched.</summary>
public sealed class WholeLoopTests
{
    private const int Files = 500;

    private static readonly HashSet<string> Instances = [.. Enumerable.Range(0, Files).Select(i => $"2.25.5.{i}")];

    [PubSubFact]
    public async Task The_whole_loop_has_exactly_one_record_of_each_file_and_one_of_each_message()
    {
        await using var pubSub = await PubSubServer.StartAsync();
        await using var emulator = await EmulatorProcess.StartAsync("--pubsub-emulator", pubSub.Address, "--store", LoopHosts.Store);
        using var folder = new TempFolder();
        await using var serve = await new LoopHosts(emulator, pubSub, folder.Path).StartAsync();
        await DropAsync(folder);
        await Eventually.HoldsAsync(
            async () => Instances.SetEquals(await LoopHosts.InstancesAsync(serve)), "every instance is searched", TimeSpan.FromMinutes(2));

        var uploads = await LoopHosts.RecordsAsync(serve, "upload");
        Assert.Equal(
            Enumerable.Range(0, Files).Select(i => $"drop/incoming/{i:D3}.dcm"),
            uploads.Select(record => record.GetProperty("source").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(
            Instances.Order(StringComparer.Ordinal),
            uploads.Select(record => record.GetProperty("instance").GetProperty("sop_instance_uid").GetString())
                .Order(StringComparer.Ordinal));
        var searches = await LoopHosts.RecordsAsync(serve, "notifications");
        Assert.Equal(Files, searches.Count);
        Assert.Equal(Files, searches.Select(record => record.GetProperty("message_id").GetString()).Distinct().Count());
        Assert.All(searches, record => Assert.True(record.GetProperty("publish_time").GetDateTimeOffset() > DateTimeOffset.UnixEpoch));
        Assert.All(searches, record => Assert.Equal(
            LoopHosts.Instance(record),
            Assert.Single(record.GetProperty("result").EnumerateArray()).GetProperty("00080018").GetProperty("Value")[0].GetString()));
        await AssertStoredAsync(emulator, folder);
    }

    [PubSubFact]
    public async Task The_whole_loop_with_the_host_killed_at_random_loses_nothing()
    {
        await using var pubSub = await PubSubServer.StartAsync();
        await using var emulator = await EmulatorProcess.StartAsync("--pubsub-emulator", pubSub.Address, "--store", LoopHosts.Store);
        using var folder = new TempFolder();
        await DropAsync(folder);

        var hosts = new LoopHosts(emulator, pubSub, folder.Path);
        await hosts.KillAtRandomAsync(kills: 4);
        await using var serve = await hosts.StartAsync();

        HashSet<string> found = [];
        // Google's emulator keeps the pull of a killed host open for a minute and a half, and gives it messages. These come again when
        // their deadline has passed, which is up to a minute later.
        var isWhole = await Eventually.ComesAsync(
            async () => Instances.SetEquals(found = await LoopHosts.InstancesAsync(serve)), TimeSpan.FromMinutes(4));
        Assert.True(
            isWhole,
            $"{found.Count} of {Files} found, {(await emulator.InstancesAsync(LoopHosts.Store)).Count} stored.\n{serve.Process.Error}");
        await AssertStoredAsync(emulator, folder);
    }

    private static string Incoming(TempFolder folder) => folder.Combine("drop", "incoming");

    private static async Task DropAsync(TempFolder folder)
    {
        var incoming = Directory.CreateDirectory(Incoming(folder)).FullName;
        foreach (var (uid, i) in Instances.Select((uid, i) => (uid, i)))
        {
            // Files are taken without a time to settle, so each appears whole.
            var file = folder.Combine($"{i:D3}.dcm");
            await File.WriteAllBytesAsync(file, Some.DicomFile("2.25.5", $"2.25.5.{i % 10}.0", uid));
            File.Move(file, Path.Combine(incoming, Path.GetFileName(file)));
        }
    }

    /// <summary>Every file is stored once, and none is left in the folder.</summary>
    private static async Task AssertStoredAsync(EmulatorProcess emulator, TempFolder folder)
    {
        Assert.Equal(
            Instances.Order(StringComparer.Ordinal), (await emulator.InstancesAsync(LoopHosts.Store)).Order(StringComparer.Ordinal));
        await Eventually.HoldsAsync(
            () => !Directory.EnumerateFiles(Incoming(folder), "*", SearchOption.AllDirectories).Any(), "the folder is empty");
        Assert.False(Directory.Exists(folder.Combine("drop", "failed")));
    }
}
