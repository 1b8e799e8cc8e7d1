using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Crash;

/// <summary>A new build takes up what an earlier one was killed in.</summary>
[Collection(Alone.Name)]
public sealed class UpgradeTests : IDisposable
{
    private const string Job = "20261125-220451-bb8yx6";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The folder is as a build of November 2026, whose files carry no version, left it when it was killed in a search of twelve inputs:
    /// two are told of in its journal, and the records of no part are committed.
    /// </summary>
    [Fact]
    public async Task A_job_killed_in_an_earlier_build_goes_on_where_it_was()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        var data = _folder.Combine("data");
        Copy(Repository.Path("tests", "DicomFunctions.Process.Tests", "Crash", "EarlierBuild", "data"), data);
        await using var serve = await ServeProcess.StartAsync(data, null, "--store", Stores.Files, "--base-url", emulator.Url);

        await serve.CompletesAsync(Job);

        var records = await serve.RecordsAsync(Job);
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => ($"x{i}", 204)),
            records.Select(record => (
                record.GetProperty("input").GetProperty("params").GetProperty("PatientID").GetString()!,
                record.GetProperty("status").GetInt32())));
        // Its calls are not those of this build: the leg under way starts over.
        Assert.Equal(12, await emulator.CountRequestsAsync());
    }

    /// <summary>docs/upgrading.md: stop, move the directory, start again.</summary>
    [Fact]
    public async Task A_data_directory_that_was_moved_while_a_job_was_in_flight_continues_elsewhere()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetFaultsAsync(Stores.Rows, new { latency = "00:00:00.020" });
        string[] server = ["--store", Stores.Rows, "--base-url", emulator.Url];
        var inputs = string.Join('\n', Enumerable.Range(0, 400).Select(i => Stores.Request("studies", $"\"PatientID\":\"x{i}\"")));
        string id;
        await using (var first = await ServeProcess.StartAsync(_folder.Combine("first"), null, server))
        {
            id = await first.SubmitAsync("api/search", inputs);
            await first.Process.InterruptAsync();
            await first.Process.ExitedAsync();
        }

        Directory.Move(_folder.Combine("first"), _folder.Combine("second"));
        await using var second = await ServeProcess.StartAsync(_folder.Combine("second"), null, server);

        await second.CompletesAsync(id);
        Assert.Equal(
            Enumerable.Range(0, 400).Select(i => $"x{i}"),
            (await second.RecordsAsync(id)).Select(
                record => record.GetProperty("input").GetProperty("params").GetProperty("PatientID").GetString()));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
