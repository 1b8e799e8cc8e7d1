using System.Diagnostics;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Once;

/// <summary><c>dicomfn demo --once DIR</c>, which is what <c>./run --once DIR</c> starts.</summary>
[Collection(Alone.Name)]
public sealed class OnceTests
{
    [SharedFact]
    public async Task Of_the_samples_every_file_has_a_record_and_every_stored_instance_is_found()
    {
        using var index = JsonDocument.Parse(await File.ReadAllBytesAsync(Shared.Path("dicom-samples", "index.json")));
        var known = index.RootElement.EnumerateArray().ToDictionary(entry => entry.GetProperty("file").GetString()!);
        var files = Directory.GetFiles(Shared.Path("dicom-samples"))
            .Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)
            .ToList();

        var run = await RunAsync(Shared.Path("dicom-samples"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(files, run.Records.Select(Name));
        string[] notDicom = ["README.md", "crayons.icc", "index.json"];
        var mrFamily = files.Where(file => file.StartsWith("MR_", StringComparison.Ordinal)).ToList();
        Assert.Equal(["MR_small.dcm", "MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "MR_truncated.dcm"], mrFamily);
        foreach (var record in run.Records)
        {
            var name = Name(record);
            if (notDicom.Contains(name))
            {
                AssertFailed(record);
                Assert.Equal("not_dicom", record.GetProperty("error").GetProperty("code").ToString());
            }
            else if (mrFamily.IndexOf(name) > 0)
            {
                AssertFailed(record);
                Assert.Equal(409, record.GetProperty("status").GetInt32());
            }
            else
            {
                Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText());
                var (entry, instance) = (known[name], record.GetProperty("instance"));
                Assert.Equal(entry.GetProperty("study_uid").GetString(), instance.GetProperty("study_instance_uid").GetString());
                Assert.Equal(entry.GetProperty("series_uid").GetString(), instance.GetProperty("series_instance_uid").GetString());
                Assert.Equal(entry.GetProperty("sop_uid").GetString(), instance.GetProperty("sop_instance_uid").GetString());
            }
        }

        AssertSummary(run.Summary, files.Count, stored: files.Count - notDicom.Length - (mrFamily.Count - 1));
    }

    [Fact]
    public async Task The_run_script_builds_and_does_the_same()
    {
        using var folder = new TempFolder();
        await DicomFn.RunAsync("phantom", folder.Combine("in"), "--slices", "2", "--size", "16");
        var start = new ProcessStartInfo("bash", [Repository.Path("run"), "--once", folder.Combine("in"), "--data", folder.Combine("data")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var run = System.Diagnostics.Process.Start(start)!;
        var error = run.StandardError.ReadToEndAsync();
        var output = await run.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(4));
        await run.WaitForExitAsync();

        Assert.True(run.ExitCode == 0, await error);
        using var summary = JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        AssertSummary(summary.RootElement, files: 2, stored: 2);
    }

    [Fact]
    public async Task Files_that_share_one_UID_or_two_are_different_instances_and_each_is_found()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Combine("in"));
        var number = 0;
        foreach (var (study, series, instance) in new[]
        {
            ("2.25.1", "2.25.1.1", "2.25.7"), ("2.25.1", "2.25.1.2", "2.25.7"), ("2.25.2", "2.25.1.1", "2.25.7"),
            ("2.25.2", "2.25.1.1", "2.25.8"),
        })
        {
            await File.WriteAllBytesAsync(folder.Combine("in", $"{++number}.dcm"), Some.DicomFile(study, series, instance));
        }

        var run = await RunAsync(folder.Combine("in"));

        Assert.Equal(0, run.ExitCode);
        AssertSummary(run.Summary, files: 4, stored: 4);
    }

    [Fact]
    public async Task Of_a_synthetic_series_all_is_stored_and_of_other_files_there_is_a_reason()
    {
        const int Slices = 12;
        using var folder = new TempFolder();
        var phantom = await DicomFn.RunAsync("phantom", folder.Combine("in", "series"), "--slices", $"{Slices}", "--size", "32");
        Assert.Equal((0, Slices), (phantom.ExitCode, phantom.Lines.Length));
        await File.WriteAllTextAsync(folder.Combine("in", "notes.txt"), "no DICOM");
        await File.WriteAllBytesAsync(folder.Combine("in", "empty.dcm"), []);
        // The same UIDs as a slice, and other bytes.
        var bytes = await File.ReadAllBytesAsync(phantom.Lines[0]);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(folder.Combine("in", "series", "zzz.dcm"), bytes);

        var run = await RunAsync(folder.Combine("in"));

        Assert.Equal(0, run.ExitCode);
        AssertSummary(run.Summary, files: Slices + 3, stored: Slices);
        Assert.Equal(
            ["empty.dcm", "notes.txt", "zzz.dcm"], run.Records.Where(record => !record.GetProperty("success").GetBoolean()).Select(Name));
        Assert.Equal(409, run.Records[^1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Files_whose_uids_are_far_in_or_out_of_order_are_stored_and_found()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Combine("in"));
        var far = Begin("1.2.53.1.1.1").Text(0x0008_0060, "CS", "OT").Header(0x0008_2112, "SQ", 11_000 * 116);
        for (var i = 0; i < 11_000; i++)
        {
            far.Raw(0xFFFE_E000, 108)
                .Text(0x0008_1150, "UI", Some.SecondaryCapture)
                .Text(0x0008_1155, "UI", new string('1', 58))
                .Bytes(0x0008_1160, "IS", []);
        }

        far.Text(0x0020_000D, "UI", "1.2.53.1").Text(0x0020_000E, "UI", "1.2.53.1.1");
        var unordered = Begin("1.2.53.2.1.1")
            .Number(0x0028_0010, 1)
            .Text(0x0020_000D, "UI", "1.2.53.2")
            .Text(0x0020_000E, "UI", "1.2.53.2.1");
        await WriteAsync("big.dcm", "1.2.53.1.1.1", far);
        await WriteAsync("unordered.dcm", "1.2.53.2.1.1", unordered);

        var run = await RunAsync(folder.Combine("in"));

        Assert.Equal(0, run.ExitCode);
        AssertSummary(run.Summary, files: 2, stored: 2);
        Assert.Equal(
            ["1.2.53.1", "1.2.53.2"], run.Records.Select(
                record => record.GetProperty("instance").GetProperty("study_instance_uid").GetString()));

        static DataSetWriter Begin(string instance) =>
            new DataSetWriter(isExplicit: true).Text(0x0008_0016, "UI", Some.SecondaryCapture).Text(0x0008_0018, "UI", instance);

        Task WriteAsync(string name, string instance, DataSetWriter dataSet) => File.WriteAllBytesAsync(
            folder.Combine("in", name),
            Some.DicomFileOf(dataSet.ToArray(), instance, TransferSyntaxes.ExplicitLittleEndian));
    }

    private static string Name(JsonElement record) => Path.GetFileName(record.GetProperty("source").GetString()!);

    private static void AssertFailed(JsonElement record)
    {
        Assert.False(record.GetProperty("success").GetBoolean());
        Assert.NotEmpty(record.GetProperty("error").GetProperty("reason").GetString()!);
        Assert.True(record.TryGetProperty("input", out _));
    }

    private static void AssertSummary(JsonElement summary, int files, int stored)
    {
        Assert.Equal(files, summary.GetProperty("files").GetInt32());
        Assert.Equal(stored, summary.GetProperty("stored").GetInt32());
        Assert.Equal(files - stored, summary.GetProperty("failed").GetInt32());
        Assert.Equal(stored, summary.GetProperty("notifications").GetInt32());
        Assert.Equal(stored, summary.GetProperty("found").GetInt32());
    }

    private static async Task<(int ExitCode, JsonElement Summary, List<JsonElement> Records)> RunAsync(string folder)
    {
        using var data = new TempFolder();
        var run = await DicomFn.RunAsync("demo", "--data", data.Path, "--once", folder);
        Assert.True(run.Lines.Length > 0, run.Error);
        var summary = JsonElement.Parse(run.Lines[^1]);
        var records = await File.ReadAllLinesAsync(summary.GetProperty("records").GetString()!);
        return (run.ExitCode, summary, [.. records.Select(line => JsonElement.Parse(line))]);
    }
}
