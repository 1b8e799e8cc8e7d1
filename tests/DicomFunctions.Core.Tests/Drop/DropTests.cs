using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Drop;

public sealed class DropTests
{
    [Fact]
    public async Task Dropped_stored_files_go_and_failed_ones_move_with_their_error()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        await host.PutDicomAsync("drop/incoming/deep/er/b.dcm", "1.2.2");
        await host.PutAsync("drop/incoming/deep/notes.txt", "no DICOM"u8.ToArray());
        await RunAsync(host);
        Assert.Equal(["drop/failed/deep/notes.txt", "drop/failed/deep/notes.txt.error.json"], await host.ListAsync("drop/"));
        Assert.Equal(["1.2.1", "1.2.2"], host.Server.Stored.Keys.Order());
        var error = JsonNode.Parse(await host.ReadTextAsync("drop/failed/deep/notes.txt.error.json"))!;
        Assert.Equal(("drop/incoming/deep/notes.txt", "not_dicom"), ((string?)error["source"], (string?)error["error"]!["code"]));
        Assert.Equal("no DICOM", await host.ReadTextAsync("drop/failed/deep/notes.txt"));
        var job = Assert.Single(await JobsAsync(host));
        Assert.Equal((JobKind.Upload, JobStatus.Completed, 3L), (job.Kind, job.State, job.Summary!.Inputs));
        Assert.Equal(CoreHost.Store.ToString(), job.Destination);
    }

    /// <summary>What the store does not confirm by its own UID stays, whatever else the store says.</summary>
    [Theory]
    [InlineData("another", 1)]
    [InlineData("another", 3)]
    [InlineData("nameless", 1)]
    [InlineData("nameless", 3)]
    [InlineData("failed too", 1)]
    [InlineData("failed too", 3)]
    [InlineData("exists, differs", 1)]
    [InlineData("exists, differs", 3)]
    [InlineData("nothing", 1)]
    public async Task Dropped_what_the_store_does_not_confirm_stays(string answer, int files)
    {
        await using var host = await StartAsync();
        for (var i = 1; i <= files; i++)
            await host.PutDicomAsync($"drop/incoming/{i}.dcm", $"1.2.{i}");
        var subject = await File.ReadAllBytesAsync(host.Folder.Combine("store", "drop", "incoming", "1.dcm"));
        host.Server.Stored["1.2.1"] = Some.DicomFile(instance: "1.2.1", pixel: 9);
        host.Server.OnStow = async (context, seen) =>
        {
            if (!seen.Files.Any(file => file.AsSpan().SequenceEqual(subject)))
                return false;
            var others = seen.Files.Select(file => Part10Header.Read(file, isWhole: true).Header!.SopInstanceUid!)
                .Where(uid => uid != "1.2.1");
            var (stored, failed) = answer switch
            {
                "another" => (StowAnswer.Stored("1.2.100"), null),
                "nameless" => (StowAnswer.Failed(null, null), null),
                "failed too" => (StowAnswer.Stored("1.2.1"), StowAnswer.Failed("1.2.1", 0x0110)),
                "exists, differs" => (StowAnswer.Stored("1.2.1", warning: 45070), null),
                _ => (null, (string?)null),
            };
            await FakeDicomStore.JsonAsync(
                context, StowAnswer.Of(
                    [.. others.Select(uid => StowAnswer.Stored(uid)), .. stored is null ? [] : (string[])[stored]],
                    failed is null ? [] : [failed]));
            return true;
        };
        await RunAsync(host);
        Assert.Equal(["drop/failed/1.dcm", "drop/failed/1.dcm.error.json"], await host.ListAsync("drop/"));
        Assert.Equal(subject, await File.ReadAllBytesAsync(host.Folder.Combine("store", "drop", "failed", "1.dcm")));
    }

    [Fact]
    public async Task Dropped_what_the_store_has_already_goes_once_it_is_the_same()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/1.dcm", "1.2.1");
        host.Server.Stored["1.2.1"] = Some.DicomFile(instance: "1.2.1");
        host.Server.OnStow = async (context, _) =>
        {
            await FakeDicomStore.JsonAsync(context, StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 45070)]), 409);
            return true;
        };
        await RunAsync(host);
        Assert.Empty(await host.ListAsync("drop/"));
    }

    [Fact]
    public async Task Dropped_archive_keeps_stored_files()
    {
        await using var host = await StartAsync(("Drop:Archive", "true"));
        await host.PutDicomAsync("drop/incoming/deep/a.dcm", "1.2.1");
        await RunAsync(host);
        Assert.Equal(["drop/archive/deep/a.dcm"], await host.ListAsync("drop/"));
    }

    [Fact]
    public async Task Dropped_names_that_begin_with_a_dot_are_files_like_others()
    {
        await using var host = await StartAsync();
        string[] names = ["drop/incoming/.a.dcm", "drop/incoming/.tmp/b.dcm", "drop/incoming/x/.c.txt"];
        await host.PutDicomAsync(names[0], "1.2.1");
        await host.PutDicomAsync(names[1], "1.2.2");
        await host.PutAsync(names[2], "no DICOM"u8.ToArray());
        await RunAsync(host);
        Assert.Equal(["drop/failed/x/.c.txt", "drop/failed/x/.c.txt.error.json"], await host.ListAsync("drop/"));
        Assert.Equal(["1.2.1", "1.2.2"], host.Server.Stored.Keys.Order());
    }

    [Fact]
    public async Task Dropped_many_files_are_worked_job_by_job_until_nothing_is_left()
    {
        await using var host = await StartAsync(("Drop:MaxFilesPerJob", "10"), ("Drop:MaxWorkers", "2"));
        for (var i = 0; i < 25; i++)
            await host.PutDicomAsync($"drop/incoming/{i:D2}.dcm", $"1.2.{i}");
        await RunAsync(host);
        Assert.Empty(await host.ListAsync("drop/"));
        Assert.Equal(25, host.Server.Stored.Count);
        Assert.Equal([5L, 10, 10], (await JobsAsync(host)).Select(job => job.Summary!.Inputs));
        Assert.All(await JobsAsync(host), job => Assert.Equal(2, job.MaxWorkers));
    }

    [Fact]
    public async Task Dropped_more_files_than_a_job_may_have_are_several_jobs()
    {
        await using var host = await StartAsync(("Jobs:MaxInputs", "2"));
        for (var i = 0; i < 5; i++)
            await host.PutDicomAsync($"drop/incoming/{i}.dcm", $"1.2.{i}");
        await RunAsync(host);
        Assert.Equal([1L, 2, 2], (await JobsAsync(host)).Select(job => job.Summary!.Inputs));
    }

    [Fact]
    public async Task Dropped_fresh_files_are_taken_once_they_have_settled()
    {
        var clock = CoreHost.SkippingClock();
        await using var host = await StartAsync(clock, ("Drop:SettleTime", "00:00:30"));
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        var round = await CollectAsync(host, "20261122-080000-000001");
        Assert.Equal(0, round.Files);
        Assert.InRange(round.SettlesIn!.Value.TotalSeconds, 25, 31);
        Assert.Empty(await JobsAsync(host));
        await RunAsync(host);
        Assert.Empty(await host.ListAsync("drop/"));
        Assert.Contains(clock.Waits, wait => wait.TotalSeconds is > 20 and < 31);
    }

    [Fact]
    public async Task Dropped_a_file_of_the_future_is_taken_once_it_has_stayed_the_same_for_the_settle_time()
    {
        var clock = new TestClock();
        await using var host = await StartAsync(clock, ("Drop:SettleTime", "00:00:30"));
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        await host.PutDicomAsync("drop/incoming/growing.dcm", "1.2.2");
        var file = host.Folder.Combine("store", "drop", "incoming", "a.dcm");
        File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime.AddYears(5));
        Grow();
        Assert.InRange((await SettlesInAsync(expected: 0)).TotalSeconds, 30, 30 + 0.1);
        clock.Advance(TimeSpan.FromSeconds(20));
        Grow();
        Assert.InRange((await SettlesInAsync(expected: 0)).TotalSeconds, 30, 30 + 0.1);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.InRange((await SettlesInAsync(expected: 1)).TotalSeconds, 19, 19 + 0.1);

        void Grow() => File.SetLastWriteTimeUtc(
            host.Folder.Combine("store", "drop", "incoming", "growing.dcm"), clock.GetUtcNow().UtcDateTime.AddHours(1));

        async Task<TimeSpan> SettlesInAsync(int expected)
        {
            var round = await CollectAsync(host, host.Jobs.Draft(JobKind.Upload).Id);
            Assert.Equal(expected, round.Files);
            return round.SettlesIn!.Value;
        }
    }

    [Fact]
    public async Task Dropped_written_again_meanwhile_stays_and_is_worked_anew()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        var times = 0;
        host.Server.OnStow = async (_, _) =>
        {
            if (++times == 1)
                await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.2");
            return false;
        };
        await RunAsync(host);
        Assert.Empty(await host.ListAsync("drop/"));
        Assert.Equal(["1.2.1", "1.2.2"], host.Server.Stored.Keys.Order());
        Assert.Equal(2, (await JobsAsync(host)).Count);
    }

    [Fact]
    public async Task Dropped_written_again_before_it_is_read_is_a_failed_record_and_stays()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        const string Id = "20261122-080000-000001";
        Assert.Equal(1, (await CollectAsync(host, Id)).Files);
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.2");
        await host.Engine.StartAsync(Core.Jobs.Execution.JobActivities.Workflow, Id, new JobState { JobId = Id }, CancellationToken.None);
        await host.Engine.WaitAsync(Id, CancellationToken.None).InTime();
        Assert.Equal("changed", (string?)Assert.Single(await host.RecordsAsync(Id))["error"]!["code"]);
        await SettleAsync(host, Id);
        Assert.Equal(["drop/incoming/a.dcm"], await host.ListAsync("drop/"));
        await RunAsync(host);
        Assert.Empty(await host.ListAsync("drop/"));
        Assert.Equal(["1.2.2"], host.Server.Stored.Keys);
    }

    [Fact]
    public async Task Failed_files_of_the_same_name_are_all_kept_and_worked_anew_when_moved_back_together()
    {
        await using var host = await StartAsync();
        var long255 = new string('n', 255);
        foreach (var text in new[] { "first", "second" })
        {
            await host.PutAsync("drop/incoming/ward/1.dcm", Encoding.UTF8.GetBytes(text));
            await host.PutAsync("drop/incoming/" + long255, Encoding.UTF8.GetBytes(text));
            await RunAsync(host);
        }

        var left = await host.ListAsync("drop/failed/");
        Assert.Equal(8, left.Count);
        var files = left.Where(name => !name.EndsWith(".error.json", StringComparison.Ordinal)).ToList();
        List<string> texts = [];
        foreach (var file in files)
            texts.Add(await host.ReadTextAsync(file));
        Assert.Equal(["first", "first", "second", "second"], texts.Order());
        Assert.Equal(2, files.Count(file => file.StartsWith("drop/failed/ward/", StringComparison.Ordinal)));

        foreach (var file in left)
        {
            await host.Objects.MoveAsync(
                file, file.Replace("drop/failed/", "drop/incoming/", StringComparison.Ordinal), ifMatch: null, CancellationToken.None);
        }

        await RunAsync(host);
        Assert.Equal(left, await host.ListAsync("drop/"));
    }

    [Fact]
    public async Task Stored_a_file_of_the_name_of_a_failed_one_leaves_that_and_its_error()
    {
        await using var host = await StartAsync();
        await host.PutAsync("drop/incoming/1.dcm", "no DICOM"u8.ToArray());
        await RunAsync(host);
        var failed = await host.ListAsync("drop/");
        await host.PutDicomAsync("drop/incoming/1.dcm", "1.2.1");
        await RunAsync(host);
        Assert.Equal(["1.2.1"], host.Server.Stored.Keys);
        Assert.Equal(failed, await host.ListAsync("drop/"));
    }

    [Fact]
    public async Task Archived_files_of_the_same_name_are_all_kept()
    {
        await using var host = await StartAsync(("Drop:Archive", "true"));
        foreach (var uid in new[] { "1.2.1", "1.2.2" })
        {
            await host.PutDicomAsync("drop/incoming/1.dcm", uid);
            await RunAsync(host);
        }

        Assert.Equal(2, (await host.ListAsync("drop/archive/")).Count);
        Assert.Equal(["1.2.1", "1.2.2"], host.Server.Stored.Keys.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dropped_written_again_just_before_it_is_moved_stays_and_is_worked_anew(bool isStored)
    {
        await using var host = await StartAsync(("Drop:Archive", "true"));
        const string Name = "drop/incoming/1.dcm";
        if (isStored)
            await host.PutDicomAsync(Name, "1.2.1");
        else
            await host.PutAsync(Name, "no DICOM"u8.ToArray());
        var isFirst = true;
        host.Objects.Fault = (member, name) =>
        {
            if (member == "MoveAsync" && name == Name && isFirst)
            {
                isFirst = false;
                host.PutDicomAsync(Name, "1.2.2").GetAwaiter().GetResult();
            }

            return null;
        };
        await RunAsync(host);
        Assert.Contains("1.2.2", host.Server.Stored.Keys);
        Assert.Empty(await host.ListAsync("drop/incoming/"));
    }

    [Fact]
    public async Task Dropped_a_file_that_may_not_be_read_is_a_failed_record_and_stops_no_other()
    {
        await using var host = await StartAsync(CoreHost.SkippingClock());
        await host.PutDicomAsync("drop/incoming/closed.dcm", "1.2.1");
        await host.PutDicomAsync("drop/incoming/open.dcm", "1.2.2");
        host.Objects.Fault = (member, name) => member == "OpenReadAsync" && name == "drop/incoming/closed.dcm"
            ? StoreError.FromErrno("open an object", LibC.AccessDenied)
            : null;
        await RunAsync(host);
        Assert.Equal(["1.2.2"], host.Server.Stored.Keys);
        Assert.Equal(["drop/failed/closed.dcm", "drop/failed/closed.dcm.error.json"], await host.ListAsync("drop/"));
        var error = JsonNode.Parse(await host.ReadTextAsync("drop/failed/closed.dcm.error.json"))!;
        Assert.Equal("unreadable", (string?)error["error"]!["code"]);
    }

    [Fact]
    public async Task Settle_repeated_changes_nothing()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        await host.PutAsync("drop/incoming/b.txt", "b"u8.ToArray());
        var times = 0;
        host.Objects.Fault = (member, _) => member is "MoveAsync" or "DeleteAsync" && ++times == 1
            ? new ObjectStoreException("once")
            : null;
        await RunAsync(host);
        var before = await host.ListAsync("drop/");
        Assert.Equal(["drop/failed/b.txt", "drop/failed/b.txt.error.json"], before);
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.3");
        var job = Assert.Single(await JobsAsync(host));
        await SettleAsync(host, job.Id);
        Assert.Equal([.. before, "drop/incoming/a.dcm"], await host.ListAsync("drop/"));
    }

    [Fact]
    public async Task Dropped_names_of_the_greatest_length_have_an_error_file_of_a_shorter_name()
    {
        await using var host = await StartAsync();
        var name = new string('n', 251) + ".txt";
        var wide = string.Concat(Enumerable.Repeat("é", 126)) + "abc";
        foreach (var each in new[] { name, wide })
        {
            Assert.Equal(255, Encoding.UTF8.GetByteCount(each));
            await host.PutAsync("drop/incoming/sub/" + each, "no DICOM"u8.ToArray());
        }

        await RunAsync(host);
        var left = await host.ListAsync("drop/");
        Assert.Equal(4, left.Count);
        Assert.Contains("drop/failed/sub/" + name, left);
        Assert.Contains("drop/failed/sub/" + wide, left);
        var sources = new List<string>();
        foreach (var error in left.Where(each => each.EndsWith(".error.json", StringComparison.Ordinal)))
            sources.Add((string)JsonNode.Parse(await host.ReadTextAsync(error))!["source"]!);
        Assert.Equal(
            new[] { "drop/incoming/sub/" + name, "drop/incoming/sub/" + wide }.Order(StringComparer.Ordinal),
            sources.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Dropped_files_of_a_cancelled_job_stay_until_the_next_ring()
    {
        var clock = CoreHost.SkippingClock();
        await using var host = await StartAsync(clock, ("Jobs:BufferSize", "1"), ("Drop:MaxWorkers", "1"));
        for (var i = 0; i < 5; i++)
            await host.PutDicomAsync($"drop/incoming/{i}.dcm", $"1.2.{i}");
        var times = 0;
        host.Server.OnStow = async (_, _) =>
        {
            if (++times == 2)
            {
                Assert.Equal(
                    JobActionResult.Done, await host.Jobs.CancelAsync(Assert.Single(await JobsAsync(host)).Id, CancellationToken.None));
                clock.CreateTimer(static _ => { }, null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan).Dispose();
            }

            return false;
        };
        await RunAsync(host);
        Assert.Equal(["drop/incoming/2.dcm", "drop/incoming/3.dcm", "drop/incoming/4.dcm"], await host.ListAsync("drop/"));
        Assert.Equal(JobStatus.Cancelled, Assert.Single(await JobsAsync(host)).State);
        await RunAsync(host);
        Assert.Empty(await host.ListAsync("drop/"));
        Assert.Equal(5, host.Server.Stored.Count);
    }

    [Fact]
    public async Task Ring_while_at_work_is_false()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm");
        var go = new TaskCompletionSource();
        host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var bell = host.Services.GetRequiredService<DropDoorbell>();
        Assert.True(await bell.RingAsync(CancellationToken.None));
        Assert.False(await bell.RingAsync(CancellationToken.None));
        go.SetResult();
        await host.Engine.WaitAsync("drop", CancellationToken.None).InTime();
    }

    [Fact]
    public async Task Ring_for_file_after_the_last_look_is_heard_all_the_same()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Server.Before = async _ =>
        {
            arrived.TrySetResult();
            await go.Task;
            return false;
        };
        var clock = new TestClock();
        var bell = new DropDoorbell(host.Engine, clock);
        await bell.RingForFileAsync(CancellationToken.None).InTime();
        await arrived.Task.InTime();

        var rings = Enumerable.Range(0, 3).Select(_ => bell.RingForFileAsync(CancellationToken.None)).ToList();
        Assert.Equal([false, true, true], rings.Select(ring => ring.IsCompleted));
        clock.Advance(TimeSpan.FromSeconds(6));
        // Too late to be rung for by the first.
        rings.Add(bell.RingForFileAsync(CancellationToken.None));
        Assert.False(rings[^1].IsCompleted);
        go.SetResult();
        await host.Engine.WaitAsync("drop", CancellationToken.None).InTime();

        // The workflow did not see this one.
        await host.PutDicomAsync("drop/incoming/b.dcm", "1.2.2");
        clock.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(rings).InTime();
        await host.Engine.WaitAsync("drop", CancellationToken.None).InTime();
        Assert.Equal(["1.2.1", "1.2.2"], host.Server.Stored.Keys.Order());
    }

    [Fact]
    public async Task Without_a_destination_files_are_left()
    {
        await using var host = await CoreHost.StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm");
        await RunAsync(host);
        Assert.Equal(["drop/incoming/a.dcm"], await host.ListAsync("drop/"));
        Assert.Empty(await host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task An_empty_folder_leaves_no_trace_of_a_job()
    {
        await using var host = await StartAsync();
        await RunAsync(host);
        Assert.Empty(await host.ListAsync("jobs/"));
        Assert.Equal(WorkflowState.Completed, (await host.Engine.GetAsync("drop", CancellationToken.None))!.State);
    }

    private static Task<CoreHost> StartAsync(params (string, string)[] settings) => StartAsync(null, settings);

    private static Task<CoreHost> StartAsync(TimeProvider? time, params (string, string)[] settings) => CoreHost.StartAsync(time, settings:
        [("Drop:Destination", CoreHost.Store.ToString()), ("Drop:SettleTime", "00:00:00"), .. settings]);

    private static async Task RunAsync(CoreHost host)
    {
        Assert.True(await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None));
        var status = await host.Engine.WaitAsync("drop", CancellationToken.None).InTime();
        Assert.True(status!.State == WorkflowState.Completed, status.Failure);
    }

    private static async Task<DropRound> CollectAsync(CoreHost host, string id) =>
        System.Text.Json.JsonSerializer.Deserialize(
            await host.Services.GetRequiredService<WorkflowCatalog>().RunActivityAsync("CollectDrop", $"\"{id}\"", CancellationToken.None),
            DropActivities.Collect.Output)!;

    private static Task SettleAsync(CoreHost host, string id) =>
        host.Services.GetRequiredService<WorkflowCatalog>().RunActivityAsync("SettleDrop", $"\"{id}\"", CancellationToken.None);

    private static async Task<List<JobView>> JobsAsync(CoreHost host)
    {
        List<JobView> jobs = [];
        await foreach (var job in host.Jobs.ListAsync(null, CancellationToken.None))
            jobs.Add(job);
        return jobs;
    }
}
