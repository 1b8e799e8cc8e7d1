using System.Globalization;
using System.Text;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;
using Xunit.Abstractions;

namespace DicomFunctions.Process.Tests.Memory;

/// <summary>However much there is to move, a process keeps little of it: its peak, as the kernel counts it, stays below 200 MB.</summary>
[Collection(Alone.Name)]
public sealed class MemoryTests(ITestOutputHelper log)
{
    private const long MostBytes = 200_000_000;
    private const uint HugePixels = 1u << 31;
    private const long Gibibyte = 1L << 30;

    [Fact]
    public async Task A_file_of_2_GiB_is_uploaded_from_the_command_line()
    {
        using var folder = new TempFolder();
        var file = WriteHugeFile(folder.Combine("huge.dcm"), Some.InstanceUid, HugePixels);
        await using var emulator = await EmulatorProcess.StartAsync("--dir", folder.Combine("store"));

        var upload = await DicomFn.RunAsync(
            "upload", "--data", folder.Combine("data"), "--base-url", emulator.Url, "--store", Stores.Files, file);

        Assert.True(upload.ExitCode == 0, upload.Output + upload.Error);
        Assert.Equal([Some.InstanceUid], await emulator.InstancesAsync(Stores.Files));
        AssertSmall(upload.PeakBytes);
    }

    [Fact]
    public async Task A_file_of_2_GiB_is_uploaded_by_the_host()
    {
        using var folder = new TempFolder();
        var file = WriteHugeFile(folder.Combine("huge.dcm"), Some.InstanceUid, HugePixels);
        await using var emulator = await EmulatorProcess.StartAsync("--dir", folder.Combine("store"));
        await using var serve = await StartServeAsync(folder, emulator);

        var job = await serve.SubmitAsync("api/upload", $$"""{"destination":"{{Stores.Files}}","inputs":["file:{{file}}"]}""");
        await serve.CompletesAsync(job);

        var record = Assert.Single(await serve.RecordsAsync(job));
        Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText());
        Assert.Equal([Some.InstanceUid], await emulator.InstancesAsync(Stores.Files));
        AssertSmall(serve.Process.PeakBytes);
    }

    [Fact]
    public async Task An_instance_of_1_GiB_is_copied_from_store_to_store()
    {
        const string Copies = "projects/p/locations/l/datasets/d/dicomStores/copies";
        using var folder = new TempFolder();
        var file = WriteHugeFile(folder.Combine("huge.dcm"), Some.InstanceUid, HugePixels / 2);
        await using var emulator = await EmulatorProcess.StartAsync("--dir", folder.Combine("store"));
        var filled = await DicomFn.RunAsync(
            "upload", "--data", folder.Combine("data"), "--base-url", emulator.Url, "--store", Stores.Files, file);
        Assert.True(filled.ExitCode == 0, filled.Output + filled.Error);

        var copy = await DicomFn.RunAsync(
            "upload", "--data", folder.Combine("data"), "--base-url", emulator.Url, "--store", Copies,
            $"dicomweb:{Stores.Files}/dicomWeb/studies");

        Assert.True(copy.ExitCode == 0, copy.Output + copy.Error);
        Assert.Equal([Some.InstanceUid], await emulator.InstancesAsync(Copies));
        AssertSmall(copy.PeakBytes);
    }

    [Fact]
    public async Task Two_hundred_thousand_searches_are_one_job()
    {
        const int Searches = 200_000;
        using var folder = new TempFolder();
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 1, rowBytes: 600);
        await using var serve = await StartServeAsync(folder, emulator);
        var requests = folder.Combine("requests.ndjson");
        await File.WriteAllLinesAsync(requests, Enumerable.Range(0, Searches).Select(Request));

        await using var body = File.OpenRead(requests);
        var job = await serve.SubmitAsync("api/search?buffer_size=100&max_workers=5", new StreamContent(body));
        await serve.CompletesAsync(job);

        var expected = 0;
        using var records = new StreamReader(await serve.Http.GetStreamAsync($"api/jobs/{job}/results"), Encoding.UTF8);
        for (; await records.ReadLineAsync() is { } record; expected++)
        {
            Assert.StartsWith($$"""{"input":{{Request(expected)}},"result":[""", record, StringComparison.Ordinal);
            Assert.Contains("\"success\":true", record, StringComparison.Ordinal);
        }

        Assert.Equal(Searches, expected);
        AssertSmall(serve.Process.PeakBytes);

        // Most are lookups in one series, which a batch asks for at once; every twentieth is a request of its own.
        static string Request(int number)
        {
            var uid = "2.25.1.1." + number.ToString(CultureInfo.InvariantCulture);
            return number % 20 == 0
                ? Stores.Request("studies", $"\"StudyInstanceUID\":\"{uid}\"")
                : Stores.Request(
                    "instances", $"\"StudyInstanceUID\":\"2.25.1\",\"SeriesInstanceUID\":\"2.25.1.1\",\"SOPInstanceUID\":\"{uid}\"");
        }
    }

    [Fact]
    public async Task A_search_answered_with_a_million_rows_in_1_GiB_goes_through_the_command_line()
    {
        const int Rows = 1_000_000;
        using var folder = new TempFolder();
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Stores.Rows, Rows, rowBytes: 1_073);

        await using var search = DicomFn.Start(
            ["search", "--data", folder.Combine("data"), "--base-url", emulator.Url, "--store", Stores.Rows, "--level", "instances"]);
        var (length, start, end) = await ReadThroughAsync(search.Output);
        await search.ExitedAsync();

        Assert.True(search.ExitCode == 0, search.Error);
        AssertWholeRecord(length, start, end);
        AssertSmall(search.PeakBytes);
    }

    [Fact]
    public async Task A_search_answered_with_rows_of_8_MiB_in_1_GiB_goes_through_the_host()
    {
        using var folder = new TempFolder();
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 128, rowBytes: 8 << 20);
        await using var serve = await StartServeAsync(folder, emulator);

        var job = await serve.SubmitAsync("api/search", Stores.Request("instances", ""));
        await serve.CompletesAsync(job);
        await using var records = await serve.Http.GetStreamAsync($"api/jobs/{job}/results");
        var (length, start, end) = await ReadThroughAsync(records);

        AssertWholeRecord(length, start, end);
        AssertSmall(serve.Process.PeakBytes);
    }

    [Fact]
    public async Task A_study_of_5_GB_is_retrieved_by_the_host()
    {
        using var folder = new TempFolder();
        var series = folder.Combine("store", "stores", "p", "l", "d", "files", Some.StudyUid, Some.SeriesUid);
        foreach (var (name, pixels) in ((string, uint)[])[("1.2.1", 3_000_000_000), ("1.2.2", 1_000_000_000), ("1.2.3", 1_000_000_000)])
            WriteHugeFile(Path.Combine(series, name + ".dcm"), name, pixels);
        await using var emulator = await EmulatorProcess.StartAsync("--dir", folder.Combine("store"));
        await using var serve = await StartServeAsync(folder, emulator);

        var job = await serve.SubmitAsync(
            "api/retrieve", $$"""{"retrieve_type":"instances","requests":["{{Stores.Files}}/dicomWeb/studies/{{Some.StudyUid}}"]}""");
        await serve.CompletesAsync(job);

        var record = Assert.Single(await serve.RecordsAsync(job));
        Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText());
        var files = record.GetProperty("result").EnumerateArray().ToList();
        Assert.Equal(3, files.Count);
        Assert.InRange(files.Sum(file => file.GetProperty("bytes").GetInt64()), 5_000_000_000, 5_001_000_000);
        AssertSmall(serve.Process.PeakBytes);
    }

    private static Task<ServeProcess> StartServeAsync(TempFolder folder, EmulatorProcess emulator) => ServeProcess.StartAsync(
        folder.Combine("data"),
        new Dictionary<string, string> { ["DicomFunctions__Sources__AllowedRoots__0"] = folder.Path },
        "--base-url", emulator.Url, "--store", Stores.Files);

    /// <summary>Its pixels are a hole in the file: read as zeros, and without need of a disk.</summary>
    private static string WriteHugeFile(string path, string instance, uint pixels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        file.Write(Some.DicomFileWithoutPixels(pixels, instance: instance));
        file.SetLength(file.Position + pixels);
        return path;
    }

    private static async Task<(long Length, string Start, string End)> ReadThroughAsync(Stream stream)
    {
        var buffer = new byte[1 << 20];
        var (length, start, end) = (0L, "", "");
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            if (length == 0)
                start = Encoding.UTF8.GetString(buffer.AsSpan(0, Math.Min(read, 10)));
            length += read;
            end = Encoding.UTF8.GetString(buffer.AsSpan(Math.Max(0, read - 200), Math.Min(read, 200)));
        }

        return (length, start, end);
    }

    private static void AssertWholeRecord(long length, string start, string end)
    {
        Assert.True(length > Gibibyte, $"{length} bytes");
        Assert.Equal("{\"input\":", start[..9]);
        Assert.Contains("],\"success\":true,\"status\":200", end, StringComparison.Ordinal);
        Assert.EndsWith("}\n", end, StringComparison.Ordinal);
    }

    private void AssertSmall(long peakBytes)
    {
        log.WriteLine($"Peak: {peakBytes / 1e6:0.0} MB");
        Assert.InRange(peakBytes, 1, MostBytes);
    }
}
