using System.Globalization;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;
using Xunit.Abstractions;

namespace DicomFunctions.Process.Tests.Crash;

[Collection(Alone.Name)]
public sealed class CrashTests(ITestOutputHelper log)
{
    private const int Seed = 20_261_122;

    [Fact]
    public async Task A_host_killed_at_random_moments_leaves_one_record_per_input_in_order_and_stores_every_file()
    {
        const int Files = 2_000, Searches = 5_000, Kills = 22;
        var started = TimeProvider.System.GetTimestamp();
        using var folder = new TempFolder();
        var paths = SmallFiles.Write(folder.Combine("files"), Files);
        await using var emulator = await StartEmulatorAsync();
        await using var host = new KilledHost(emulator, folder.Combine("data"), Seed, "--base-url", emulator.Url, "--store", Stores.Files);
        await host.StartAsync();

        var upload = await host.Serve.SubmitAsync("api/upload", JsonSerializer.Serialize(new
        {
            destination = Stores.Files,
            input_type = "fileio",
            buffer_size = 4,
            inputs = paths.Select(path => "file:" + path),
        }));
        var requests = Enumerable.Range(0, Searches)
            .Select(i => Stores.Request("studies", $"\"StudyInstanceUID\":\"2.25.{i.ToString(CultureInfo.InvariantCulture)}\"")).ToList();
        var search = await host.Serve.SubmitAsync("api/search", $"[{string.Join(',', requests)}]");

        while (host.Kills < Kills)
            await host.KillAsync(requests: 250);
        Assert.Equal("running", await host.Serve.StateAsync(search));
        await host.Serve.CompletesAsync(upload);
        await host.Serve.CompletesAsync(search);

        var uploaded = await host.Serve.RecordsAsync(upload);
        Assert.Equal(paths.Select(path => "file:" + path), uploaded.Select(record => record.GetProperty("source").GetString()));
        Assert.All(uploaded, record => Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText()));
        var searched = await host.Serve.RecordsAsync(search);
        Assert.Equal(requests, searched.Select(record => record.GetProperty("input").GetRawText()));
        Assert.All(searched, AssertAnswersItsInput);
        await SmallFiles.AssertHoldsAsync(emulator, Stores.Files, Files);
        Assert.False(emulator.HasExited);
        log.WriteLine(
            $"{host.Kills} kills, {await emulator.CountRequestsAsync()} requests, "
            + $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Dropped_files_are_all_stored_and_gone_from_the_folder_when_the_host_is_killed_meanwhile()
    {
        const int Files = 300, Kills = 6;
        using var folder = new TempFolder();
        var data = folder.Combine("data");
        var incoming = Directory.CreateDirectory(Path.Combine(data, "drop", "incoming")).FullName;
        var paths = SmallFiles.Write(folder.Combine("files"), Files);
        await using var emulator = await StartEmulatorAsync();
        await using var host = new KilledHost(
            emulator, data, Seed, "--base-url", emulator.Url, "--store", Stores.Files, "--buffer-size", "2");
        await host.StartAsync();
        // A third at a time, so that some arrive while others are at work and the host is down.
        for (var i = 0; i < Files; i++)
        {
            File.Move(paths[i], Path.Combine(incoming, Path.GetFileName(paths[i])));
            if (i % (Files / 3) == 50)
                await host.KillAsync(requests: 30);
        }

        while (host.Kills < Kills)
            await host.KillAsync(requests: 40);
        await Eventually.HoldsAsync(() => IsEmpty(incoming), "the folder is empty");

        await SmallFiles.AssertHoldsAsync(emulator, Stores.Files, Files);
        var failed = Path.Combine(data, "drop", "failed");
        Assert.True(!Directory.Exists(failed) || IsEmpty(failed));
    }

    [Fact]
    public async Task A_study_retrieved_by_a_host_killed_in_the_middle_goes_on_with_what_is_missing()
    {
        const int Files = 200, Kills = 5;
        using var folder = new TempFolder();
        var data = folder.Combine("data");
        SmallFiles.Write(folder.Combine("files"), Files);
        await using var emulator = await EmulatorProcess.StartAsync();
        string[] store = ["--base-url", emulator.Url, "--store", Stores.Archive];
        var upload = await DicomFn.RunAsync(["upload", "--data", folder.Combine("other"), .. store, folder.Combine("files")]);
        Assert.True(upload.ExitCode == 0, upload.Error);
        await emulator.SetFaultsAsync(Stores.Archive, new { kinds = new[] { "Retrieve" }, latency = "00:00:00.005" });

        await using var host = new KilledHost(emulator, data, Seed, store);
        await host.StartAsync();
        var job = await host.Serve.SubmitAsync(
            "api/retrieve",
            $$"""{"retrieve_type":"instances","requests":["{{Stores.Archive}}/dicomWeb/studies/{{SmallFiles.Study(0)}}"]}""");
        var retrieved = Path.Combine(data, "retrieved", job);
        var written = new Dictionary<string, DateTime>();
        for (var kill = 1; kill <= Kills; kill++)
        {
            var enough = kill * Files / (Kills + 1);
            await Eventually.HoldsAsync(() => Written(retrieved).Count >= enough, $"{enough} files are there");
            await host.KillAsync(requests: 1);
            foreach (var (path, at) in Written(retrieved))
                Assert.Equal(written.TryAdd(path, at) ? at : written[path], at);
        }

        await host.Serve.CompletesAsync(job);

        var record = Assert.Single(await host.Serve.RecordsAsync(job));
        Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText());
        Assert.Equal(
            Enumerable.Range(0, Files).Select(SmallFiles.Uid).Order(StringComparer.Ordinal),
            record.GetProperty("result").EnumerateArray().Select(file => file.GetProperty("sop_instance_uid").GetString())
                .Order(StringComparer.Ordinal));
        for (var i = 0; i < Files; i++)
        {
            var path = Path.Combine(retrieved, SmallFiles.Study(i), SmallFiles.Series(i), SmallFiles.Uid(i) + ".dcm");
            Assert.Equal(SmallFiles.Bytes(i), await File.ReadAllBytesAsync(path));
        }

        // What an earlier process had stored was not written again.
        var last = Written(retrieved);
        Assert.All(written, file => Assert.Equal(file.Value, last[file.Key]));

        static Dictionary<string, DateTime> Written(string folder) => !Directory.Exists(folder)
            ? []
            : Directory.EnumerateFiles(folder, "*.dcm", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc);
    }

    [Fact]
    public async Task An_upload_from_the_command_line_killed_again_and_again_is_completed_by_resume()
    {
        const int Files = 400;
        using var folder = new TempFolder();
        var data = folder.Combine("data");
        var paths = SmallFiles.Write(folder.Combine("files"), Files);
        await using var emulator = await StartEmulatorAsync();
        var random = new Random(Seed);
        string[] store = ["--data", data, "--base-url", emulator.Url, "--store", Stores.Files];
        await using (var upload = DicomFn.Start(["upload", .. store, "--buffer-size", "1", folder.Combine("files")], Faulty.Client))
            await KillAfterAsync(upload, random.Next(1, 30));
        var id = Assert.Single((await DicomFn.RunAsync("jobs", "list", "--data", data)).Lines.Select(line => JsonElement.Parse(line)))
            .GetProperty("id").GetString()!;
        for (var i = 0; i < 3; i++)
        {
            await using var resumed = DicomFn.Start(["jobs", "resume", id, .. store], Faulty.Client);
            await KillAfterAsync(resumed, random.Next(1, 30));
        }

        var finished = await DicomFn.RunAsync(["jobs", "resume", id, .. store], Faulty.Client);

        Assert.True(finished.ExitCode == 0, finished.Error);
        Assert.Equal(
            paths.Select(path => "file:" + path),
            finished.Lines.Select(line => JsonElement.Parse(line).GetProperty("source").GetString()));
        await SmallFiles.AssertHoldsAsync(emulator, Stores.Files, Files);

        async Task KillAfterAsync(DicomFn process, int requests)
        {
            // Should it come to its end, its records must not keep it waiting for a reader.
            _ = process.Output.CopyToAsync(Stream.Null);
            var end = await emulator.CountRequestsAsync() + requests;
            await Eventually.HoldsAsync(async () => process.HasExited || await emulator.CountRequestsAsync() >= end, "requests were made");
            // It may have been through with everything; then there is nothing left to kill.
            if (!process.HasExited)
                await process.KillAsync();
        }
    }

    private static async Task<EmulatorProcess> StartEmulatorAsync()
    {
        var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 1, rowBytes: 600);
        await emulator.SetFaultsAsync(Stores.Rows, Faulty.Server);
        await emulator.SetFaultsAsync(Stores.Files, Faulty.Server);
        return emulator;
    }

    private static void AssertAnswersItsInput(JsonElement record)
    {
        Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText());
        var row = Assert.Single(record.GetProperty("result").EnumerateArray());
        Assert.Equal(
            record.GetProperty("input").GetProperty("params").GetProperty("StudyInstanceUID").GetString(),
            row.GetProperty("0020000D").GetProperty("Value")[0].GetString());
    }

    private static bool IsEmpty(string folder) => !Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any();
}
