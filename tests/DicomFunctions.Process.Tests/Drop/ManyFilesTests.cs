using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Drop;

/// <summary>
/// A job is made of all that has settled when the folder is looked at, up to MaxFilesPerJob, and worked before it is looked at again.
/// </summary>
[Collection(Alone.Name)]
public sealed class ManyFilesTests
{
    private const int Files = 10_000;

    [Theory]
    [InlineData(10_000, new[] { 10_000 })]
    [InlineData(4_000, new[] { 4_000, 4_000, 2_000 })]
    public async Task Ten_thousand_files_dropped_at_once_are_as_few_jobs_as_they_fill(int filesPerJob, int[] jobs)
    {
        using var folder = new TempFolder();
        var incoming = Directory.CreateDirectory(folder.Combine("data", "drop", "incoming")).FullName;
        SmallFiles.Write(folder.Combine("files"), Files);
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        await using var serve = await ServeProcess.StartAsync(
            folder.Combine("data"),
            new Dictionary<string, string>(Faulty.Client) { ["DicomFunctions__Drop__MaxFilesPerJob"] = $"{filesPerJob}" },
            "--base-url", emulator.Url, "--store", Stores.Files);

        // The folder's new name is the one moment in which all of them are there.
        Directory.Move(folder.Combine("files"), Path.Combine(incoming, "files"));
        await Eventually.HoldsAsync(
            async () => (await JobsAsync(serve)).Sum(Succeeded) == Files
                && !Directory.EnumerateFiles(incoming, "*", SearchOption.AllDirectories).Any(),
            "all files are worked",
            TimeSpan.FromMinutes(3));

        var made = await JobsAsync(serve);
        Assert.Equal(jobs, made.Select(job => job.GetProperty("progress").GetProperty("total").GetInt32()));
        List<string> sources = [];
        foreach (var job in made)
        {
            sources.AddRange(
                (await serve.RecordsAsync(job.GetProperty("id").GetString()!)).Select(record => record.GetProperty("source").GetString()!));
        }

        Assert.Equal(Enumerable.Range(0, Files).Select(i => $"drop/incoming/files/{i:d5}.dcm"), sources);
        await SmallFiles.AssertHoldsAsync(emulator, Stores.Files, Files);
        Assert.False(Directory.Exists(folder.Combine("data", "drop", "failed")));
        Assert.True(await emulator.CountRequestsAsync() < Files / 2, "The files do not share requests.");
    }

    private static int Succeeded(JsonElement job) => job.GetProperty("progress").GetProperty("succeeded").GetInt32();

    /// <summary>The jobs, oldest first.</summary>
    private static async Task<List<JsonElement>> JobsAsync(ServeProcess serve) =>
        [.. JsonElement.Parse(await serve.Http.GetStringAsync("api/jobs")).GetProperty("jobs").EnumerateArray().Reverse()];
}
