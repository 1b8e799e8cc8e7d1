using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

public sealed class UploadJobTests
{
    private static readonly JobSubmission Sequential =
        new() { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString(), MaxWorkers = 1, BufferSize = 100 };

    [Fact]
    public async Task A_batch_of_good_and_bad_has_a_record_for_each_in_order()
    {
        await using var host = await CoreHost.StartAsync();
        await host.PutDicomAsync("drop/1.dcm", "1.2.1");
        await host.PutAsync("drop/2.txt", "This is no DICOM file."u8.ToArray());
        await host.PutAsync("drop/3.dcm", []);
        await host.PutDicomAsync("drop/4.dcm", "1.2.4");
        await host.PutDicomAsync("drop/6.dcm", "1.2.1", pixel: 1);
        string[] inputs =
        [
            "\"drop/1.dcm\"", "\"drop/2.txt\"", "\"drop/3.dcm\"", "\"drop/4.dcm\"", "\"drop/5.dcm\"", "\"drop/6.dcm\"", "\"../x\"",
            "{\"a\":5}", "7", "\"ftp://x/y\"", "\"\\ud800\"",
        ];
        var records = await host.RecordsAsync(await host.RunJobAsync(Sequential, inputs));
        Assert.Equal(
            [
                "", "not_dicom", "empty", "", "not_found", "conflict", "bad_reference", "bad_reference", "bad_reference", "bad_reference",
                "bad_reference",
            ],
            records.Select(record => record["error"]?["code"]?.ToString() ?? ""));
        Assert.Equal(
            [true, false, false, true, false, false, false, false, false, false, false],
            records.Select(record => (bool)record["success"]!));
        Assert.All(records.Where(record => !(bool)record["success"]!), record =>
        {
            Assert.Equal(record["source"]!.ToString(), record["input"]!.ToString());
            Assert.False(string.IsNullOrEmpty((string?)record["error"]!["reason"]));
        });
        Assert.Equal("drop/1.dcm", (string?)records[0]["source"]);
        Assert.Equal(200, (int)records[0]["status"]!);
        Assert.Equal("1.2.1", (string?)records[0]["instance"]!["sop_instance_uid"]);
        Assert.Equal(Some.StudyUid, (string?)records[0]["instance"]!["study_instance_uid"]);
        Assert.Equal(Some.SeriesUid, (string?)records[0]["instance"]!["series_instance_uid"]);
        Assert.Equal("http://x/instances/1.2.1", (string?)records[0]["retrieve_url"]);
        Assert.Null(records[0]["input"]);
        Assert.Equal(409, (int)records[5]["status"]!);
        Assert.Equal("already exists", (string?)records[5]["error"]!["message"]);
        // Both good ones went together, over the bad ones between them.
        Assert.Equal([2, 1], host.Server.Transactions.Select(seen => seen.Files.Count));
    }

    [Fact]
    public async Task A_pattern_becomes_its_files_in_order()
    {
        await using var host = await CoreHost.StartAsync();
        for (var i = 0; i < 30; i++)
            await host.PutDicomAsync($"drop/deep/{i:D2}.dcm", $"1.2.{i}");
        var id = await host.RunJobAsync(Sequential, "\"drop/**/*.dcm\"", "\"drop/none/*\"", "\"drop/deep/07.dcm\"");
        var records = await host.RecordsAsync(id);
        Assert.Equal(
            [.. Enumerable.Range(0, 30).Select(i => $"drop/deep/{i:D2}.dcm"), "drop/none/*", "drop/deep/07.dcm"],
            records.Select(record => (string)record["source"]!));
        Assert.Equal("no_match", (string?)records[30]["error"]!["code"]);
        Assert.Equal(32, (await host.Jobs.FindAsync(id, CancellationToken.None))!.Summary!.Inputs);
    }

    [Fact]
    public async Task A_file_of_its_own_store_goes_there_and_a_bad_one_is_refused()
    {
        await using var host = await CoreHost.StartAsync(settings: ("DicomWeb:AllowedStores:0", "projects/p/*"));
        await host.PutDicomAsync("drop/1.dcm", "1.2.1");
        await host.PutDicomAsync("drop/2.dcm", "1.2.2");
        string[] inputs =
        [
            "\"drop/1.dcm\"",
            "{\"source\":\"drop/2.dcm\",\"store\":\"projects/p/locations/l/datasets/d/dicomStores/t\"}",
            "{\"source\":\"drop/2.dcm\",\"store\":\"projects/q/locations/l/datasets/d/dicomStores/t\"}",
            "{\"source\":\"drop/2.dcm\",\"store\":\"nonsense\"}",
            "{\"n\":1,\"o\":{\"x\":[1]},\"source\":\"drop/2.dcm\"}",
        ];
        List<string> paths = [];
        host.Server.Before = context =>
        {
            paths.Add(context.Request.Path);
            return Task.FromResult(false);
        };
        var records = await host.RecordsAsync(await host.RunJobAsync(Sequential, inputs));
        Assert.Equal(["", "", "forbidden", "bad_destination", ""], records.Select(record => record["error"]?["code"]?.ToString() ?? ""));
        Assert.Equal(["s", "t", "s"], paths.Select(path => path.Split('/')[9]));
    }

    [Fact]
    public async Task A_large_file_is_streamed_and_small_ones_too_when_there_is_no_room()
    {
        await using var host = await CoreHost.StartAsync(
            settings: [("Jobs:UploadMemory", "3000"), ("DicomWeb:MultipartMaxBytes", "50000")]);
        var opened = new List<string>();
        host.Objects.Fault = (member, name) =>
        {
            if (member == "OpenReadAsync" && name.StartsWith("drop/", StringComparison.Ordinal))
                opened.Add(name);
            return null;
        };
        var files = new Dictionary<string, byte[]>();
        for (var i = 0; i < 4; i++)
            files[$"1.2.{i}"] = Some.DicomFile(instance: $"1.2.{i}", pixelBytes: i == 3 ? 2_000_000 : 1500);
        foreach (var (uid, file) in files)
            await host.PutAsync($"drop/{uid}.dcm", file);
        var records = await host.RecordsAsync(await host.RunJobAsync(Sequential, files.Keys.Select(uid => $"\"drop/{uid}.dcm\"")));
        Assert.All(records, record => Assert.True((bool)record["success"]!, record.ToJsonString()));
        Assert.All(files, file => Assert.Equal(file.Value, host.Server.Stored[file.Key]));
        // In memory: read once. Streamed: once for the header, once for the request.
        Assert.Equal([1, 2, 2, 2], files.Keys.Select(uid => opened.Count(name => name == $"drop/{uid}.dcm")));
        var memory = host.Services.GetRequiredService<UploadMemory>();
        Assert.True(memory.TryTake(3000));
        Assert.False(memory.TryTake(1));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3_000_000)]
    public async Task A_file_that_changes_meanwhile_is_a_failed_record_and_not_stored(int pixelBytes)
    {
        await using var host = await CoreHost.StartAsync(settings: ("DicomWeb:MultipartMaxBytes", "100000"));
        await host.PutDicomAsync("drop/1.dcm", "1.2.1");
        await host.PutDicomAsync("drop/2.dcm", "1.2.2", pixelBytes);
        var times = 0;
        host.Objects.Fault = (member, name) =>
        {
            // Just before what was read is compared with what is there; for the large one, at its second reading.
            if (name == "drop/2.dcm" && member == "GetPropertiesAsync" && ++times == (pixelBytes > 100_000 ? 3 : 2))
            {
                File.WriteAllBytes(
                    host.Folder.Combine("store", "drop", "2.dcm"), Some.DicomFile(instance: "1.2.2", pixelBytes: pixelBytes, pixel: 9));
            }

            return null;
        };
        var records = await host.RecordsAsync(await host.RunJobAsync(Sequential, "\"drop/1.dcm\"", "\"drop/2.dcm\""));
        Assert.Equal([true, false], records.Select(record => (bool)record["success"]!));
        Assert.Contains("changed", records[1].ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["1.2.1"], host.Server.Stored.Keys);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1000, 700)]
    [InlineData(3_000_000, 700)]
    [InlineData(3_000_000, 2_000_000)]
    public async Task A_file_on_a_damaged_disk_is_a_failed_record_and_the_others_are_stored(int pixelBytes, int readable)
    {
        await using var host = await CoreHost.StartAsync(settings: ("DicomWeb:MultipartMaxBytes", "100000"));
        await host.PutDicomAsync("drop/1.dcm", "1.2.1");
        await host.PutDicomAsync("drop/2.dcm", "1.2.2", pixelBytes);
        await host.PutDicomAsync("drop/3.dcm", "1.2.3");
        var damaged = await File.ReadAllBytesAsync(host.Folder.Combine("store", "drop", "2.dcm"));
        host.Objects.Reading = (name, content) =>
        {
            if (name != "drop/2.dcm")
                return content;
            content.Dispose();
            return new DamagedStream(damaged, readable);
        };
        var records = await host.RecordsAsync(await host.RunJobAsync(Sequential, "\"drop/*.dcm\""));
        Assert.Equal([true, false, true], records.Select(record => (bool)record["success"]!));
        Assert.Contains("damaged", records[1].ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["1.2.1", "1.2.3"], host.Server.Stored.Keys.Order());
    }

    [Theory]
    [InlineData(100_000)]   // Streamed, and so its header is.
    [InlineData(10_000_000)] // In memory.
    public async Task UIDs_far_into_the_file_or_out_of_order_are_in_the_record(int maxInMemory)
    {
        await using var host = await CoreHost.StartAsync(settings: ("DicomWeb:MultipartMaxBytes", $"{maxInMemory}"));
        var preamble = Some.DicomPreamble;
        var far = new DataSetWriter(isExplicit: true).Text(0x0008_0018, "UI", "1.2.1").Header(0x0008_2112, "SQ", 11_000 * 208);
        for (var i = 0; i < 11_000; i++)
            far.Raw(0xFFFE_E000, 200).Bytes(0x0008_1155, "UN", new byte[188]);
        far.Text(0x0020_000D, "UI", "3.4").Text(0x0020_000E, "UI", "5.6");
        var unordered = new DataSetWriter(isExplicit: true)
            .Text(0x0008_0018, "UI", "1.2.2").Number(0x0028_0010, 1).Text(0x0020_000D, "UI", "3.4").Text(0x0020_000E, "UI", "5.6");
        await host.PutAsync(
            "drop/1.dcm", [.. preamble, .. Some.DicomFileMeta("1.2.1", TransferSyntaxes.ExplicitLittleEndian), .. far.ToArray()]);
        await host.PutAsync(
            "drop/2.dcm", [.. preamble, .. Some.DicomFileMeta("1.2.2", TransferSyntaxes.ExplicitLittleEndian), .. unordered.ToArray()]);
        var records = await host.UploadJobAsync("\"drop/*.dcm\"");
        Assert.Equal(["1.2.1", "1.2.2"], records.Select(record => (string?)record["instance"]!["sop_instance_uid"]));
        Assert.All(records, record => Assert.True((bool)record["success"]!, record.ToJsonString()));
        Assert.All(records, record => Assert.Equal(
            ("3.4", "5.6"), ((string?)record["instance"]!["study_instance_uid"], (string?)record["instance"]!["series_instance_uid"])));
    }

    [Theory]
    [InlineData(20_000_000)]
    [InlineData(1000)]
    public async Task Cancel_in_the_middle_of_a_transfer_breaks_it_off_and_it_counts_as_not_attempted(int pixelBytes)
    {
        await using var host = await CoreHost.StartAsync(
            settings: [("DicomWeb:MultipartMaxBytes", "1000"), ("Jobs:UploadMemory", "10000")]);
        await host.PutDicomAsync("drop/1.dcm", "1.2.1");
        await host.PutDicomAsync("drop/2.dcm", "1.2.2", pixelBytes);
        await host.PutDicomAsync("drop/3.dcm", "1.2.3");
        var requests = 0;
        var isHeldUp = new TaskCompletionSource();
        var isOver = new TaskCompletionSource();
        host.Server.Before = async context =>
        {
            if (Interlocked.Increment(ref requests) != 2)
                return false;
            isHeldUp.SetResult();
            await isOver.Task;
            context.Abort();
            return true;
        };
        var id = await host.Jobs.SubmitAsync(Sequential, CoreHost.Lines(["\"drop/*.dcm\""]), CancellationToken.None);
        await isHeldUp.Task.InTime();
        Assert.Equal(JobActionResult.Done, await host.Jobs.CancelAsync(id, CancellationToken.None));
        var view = (await host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
        isOver.SetResult();
        Assert.Equal(
            (JobStatus.Cancelled, 1L, 0L, 2L), (view.State, view.Summary!.Succeeded, view.Summary.Failed, view.Summary.NotAttempted));
        Assert.Equal("drop/1.dcm", (string?)Assert.Single(await host.RecordsAsync(id))["source"]);
        Assert.Equal(["1.2.1"], host.Server.Stored.Keys);
        Assert.True(host.Services.GetRequiredService<UploadMemory>().TryTake(10_000));
        host.Services.GetRequiredService<UploadMemory>().GiveBack(10_000);

        var retry = (await host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).NewId;
        Assert.Equal(2, (await host.Jobs.WaitAsync(retry!, CancellationToken.None).InTime())!.Summary!.Succeeded);
        Assert.Equal(["1.2.1", "1.2.2", "1.2.3"], host.Server.Stored.Keys.Order());
    }

    [Fact]
    public async Task An_answer_that_proves_nothing_is_unconfirmed()
    {
        await using var host = await CoreHost.StartAsync();
        await host.PutDicomAsync("drop/1.dcm", "1.2.1");
        host.Server.OnStow = async (context, _) =>
        {
            await FakeDicomStore.JsonAsync(context, StowAnswer.Of([StowAnswer.Stored("9.9.9")], []));
            return true;
        };
        var record = Assert.Single(await host.UploadJobAsync("\"drop/1.dcm\""));
        Assert.False((bool)record["success"]!);
        Assert.Equal(("unconfirmed", "drop/1.dcm"), ((string?)record["error"]!["code"], (string?)record["input"]));
        Assert.Contains("did not say it stored the instance", (string?)record["status"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_there_is_a_failed_record()
    {
        await using var host = await CoreHost.StartAsync();
        await host.PutDicomAsync("drop/1.dcm", "1.2.1");
        var record = Assert.Single(await host.UploadJobAsync("{\"source\":\"drop/1.dcm\",\"version\":\"\\\"other\\\"\"}"));
        Assert.Equal("changed", (string?)record["error"]!["code"]);
        Assert.Empty(host.Server.Stored);
    }

    [Fact]
    public async Task Base64_inputs_are_kept_and_stored_and_what_is_none_is_handed_back()
    {
        await using var host = await CoreHost.StartAsync();
        var file = Some.DicomFile(instance: "1.2.1");
        var id = await host.RunJobAsync(
            Sequential with { IsBase64 = true }, $"\"{Convert.ToBase64String(file)}\"", "\"not base64!\"", "\"\"", "5");
        var records = await host.RecordsAsync(id);
        Assert.Equal([true, false, false, false], records.Select(record => (bool)record["success"]!));
        Assert.Equal(file, host.Server.Stored["1.2.1"]);
        Assert.Equal("not base64!", (string?)records[1]["input"]);
        Assert.Equal("empty", (string?)records[2]["error"]!["code"]);
        Assert.StartsWith("jobs/", (string?)records[2]["input"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_of_files_that_came_with_the_request_outlives_their_job()
    {
        await using var host = await CoreHost.StartAsync();
        var file = Some.DicomFile(instance: "1.2.1");
        host.Server.Before = async context =>
        {
            await FakeDicomStore.JsonAsync(context, "{}", 403);
            return true;
        };
        var id = await host.RunJobAsync(Sequential with { IsBase64 = true }, $"\"{Convert.ToBase64String(file)}\"");
        Assert.False((bool)Assert.Single(await host.RecordsAsync(id))["success"]!);

        var go = new TaskCompletionSource();
        host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var retry = (await host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).NewId;
        Assert.Equal(JobActionResult.Done, await host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
        go.SetResult();
        await host.Jobs.WaitAsync(retry!, CancellationToken.None).InTime();

        var record = Assert.Single(await host.RecordsAsync(retry!));
        Assert.True((bool)record["success"]!, record.ToJsonString());
        Assert.Equal(new JobFiles(retry!).Body(0), (string?)record["source"]);
        Assert.Equal(file, host.Server.Stored["1.2.1"]);
    }

    [Fact]
    public async Task A_failing_object_store_fails_the_job_and_resume_finishes_it()
    {
        await using var host = await CoreHost.StartAsync(settings: [("Jobs:LegTime", "00:00:00")]);
        for (var i = 0; i < 20; i++)
            await host.PutDicomAsync($"drop/{i:D2}.dcm", $"1.2.{i}");
        var isBroken = true;
        host.Objects.Fault = (member, name) => isBroken && name == "drop/13.dcm" ? new ObjectStoreException("gone") : null;
        var id = await host.RunJobAsync(Sequential with { BufferSize = 8 }, "\"drop/*.dcm\"");
        var view = await host.Jobs.FindAsync(id, CancellationToken.None);
        Assert.Equal(JobStatus.Failed, view!.State);
        Assert.Contains("RunBatches", view.Failure, StringComparison.Ordinal);
        Assert.Equal(8, (await host.RecordsAsync(id)).Count);
        Assert.Equal(JobActionResult.Conflict, await host.Jobs.RetryAsync(id, caller: null, CancellationToken.None));
        isBroken = false;
        Assert.Equal(JobActionResult.Done, await host.Jobs.ResumeAsync(id, CancellationToken.None));
        view = await host.Jobs.WaitAsync(id, CancellationToken.None);
        Assert.Equal((JobStatus.Completed, 20L), (view!.State, view.Summary!.Succeeded));
        var records = await host.RecordsAsync(id);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"drop/{i:D2}.dcm"), records.Select(record => (string)record["source"]!));
        Assert.Equal(3, view.Summary.Parts);
    }

    [Fact]
    public async Task Another_callers_files_are_forbidden_by_name_by_pattern_and_again_by_retry()
    {
        await using var host = await CoreHost.StartAsync();
        var file = Convert.ToBase64String(Some.DicomFile(instance: "1.2.1"));
        var own = await host.RunJobAsync(Sequential with { IsBase64 = true }, $"\"{file}\"");
        Assert.True((bool)Assert.Single(await host.RecordsAsync(own))["success"]!);
        var body = new JobFiles(own).Body(0);
        Assert.Contains(body, await host.ListAsync("jobs/"));

        var id = await host.RunJobAsync(
            Sequential, $"\"{body}\"", $"\"{new JobFiles(own).Prefix}**\"", "\"jobs/**/*.dcm\"",
            $"{{\"source\":\"{body}\",\"literal\":true}}");
        var again = (await host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).NewId;
        await host.Jobs.WaitAsync(again!, CancellationToken.None).InTime();

        foreach (var job in new[] { id, again! })
        {
            var records = await host.RecordsAsync(job);
            Assert.Equal(4, records.Count);
            Assert.All(records, record => Assert.Equal("forbidden", (string?)record["error"]!["code"]));
        }

        Assert.Single(host.Server.Requests);
    }

    [Fact]
    public async Task Files_that_came_with_a_request_are_retried_with_a_copy_of_their_own()
    {
        await using var host = await CoreHost.StartAsync();
        var isDown = true;
        host.Server.Before = context =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(isDown);
        };
        var first = await host.RunJobAsync(
            Sequential with { IsBase64 = true }, $"\"{Convert.ToBase64String(Some.DicomFile(instance: "1.2.1"))}\"");
        isDown = false;

        var second = (await host.Jobs.RetryAsync(first, caller: null, CancellationToken.None)).NewId;
        await host.Jobs.WaitAsync(second!, CancellationToken.None).InTime();

        var record = Assert.Single(await host.RecordsAsync(second!));
        Assert.True((bool)record["success"]!, record.ToJsonString());
        Assert.Equal(new JobFiles(second!).Body(0), (string?)record["source"]);
    }

    [Fact]
    public async Task Retry_is_of_what_failed_and_takes_names_that_read_like_patterns_as_they_are()
    {
        await using var host = await CoreHost.StartAsync();
        await host.PutDicomAsync("drop/a[1].dcm", "1.2.1");
        await host.PutDicomAsync("drop/b.dcm", "1.2.2");
        var isDown = true;
        host.Server.Before = context =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(isDown);
        };
        var first = await host.RunJobAsync(Sequential, "\"drop/*\"", "\"drop/later/*\"");
        Assert.Equal([false, false, false], (await host.RecordsAsync(first)).Select(record => (bool)record["success"]!));
        isDown = false;
        await host.PutDicomAsync("drop/later/c.dcm", "1.2.3");
        var result = await host.Jobs.RetryAsync(first, caller: null, CancellationToken.None);
        var second = result.NewId;
        Assert.Equal(JobActionOutcome.Done, result.Outcome);
        var view = await host.Jobs.WaitAsync(second!, CancellationToken.None);
        Assert.Equal(first, view!.RetryOf);
        var records = await host.RecordsAsync(second!);
        Assert.Equal(["drop/a[1].dcm", "drop/b.dcm", "drop/later/c.dcm"], records.Select(record => (string)record["source"]!));
        Assert.All(records, record => Assert.True((bool)record["success"]!, record.ToJsonString()));
        var third = (await host.Jobs.RetryAsync(second!, caller: null, CancellationToken.None)).NewId;
        Assert.Equal(0, (await host.Jobs.WaitAsync(third!, CancellationToken.None))!.Summary!.Inputs);
    }
}
