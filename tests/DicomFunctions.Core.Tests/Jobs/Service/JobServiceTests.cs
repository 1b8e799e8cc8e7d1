using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

public sealed class JobServiceTests
{
    private static readonly JobSubmission Search = new() { Kind = JobKind.Search };

    [Fact]
    public async Task A_job_of_many_legs_has_one_record_per_input_in_order()
    {
        await using var host = await CoreHost.StartAsync(settings: [("Jobs:LegTime", "00:00:00"), ("Jobs:BlockSize", "65536")]);
        host.Server.Rows = FakeDicomStore.Instances(1);
        var inputs = Enumerable.Range(0, 300).Select(i => i % 7 == 3 ? $"{{\"n\":{i}}}" : Numbered(i)).ToList();
        var id = await host.RunJobAsync(Search with { BufferSize = 3, MaxWorkers = 2 }, inputs);
        Assert.Equal(inputs, (await host.RecordsAsync(id)).Select(record => record["input"]!.ToJsonString()));
        var view = (await host.Jobs.FindAsync(id, CancellationToken.None))!;
        var summary = view.Summary!;
        Assert.Equal(
            (JobStatus.Completed, 300L, 257L, 43L, 0L),
            (view.State, summary.Inputs, summary.Succeeded, summary.Failed, summary.NotAttempted));
        Assert.Equal(257, summary.Statuses["200"]);
        Assert.Equal(43, summary.Statuses["error"]);
        Assert.Equal(50, summary.Parts);
        Assert.Equal(300, view.Progress.Done);
        Assert.Equal(257, (await host.RecordsAsync(id, success: true)).Count);
        Assert.Equal(
            inputs.Where((_, i) => i % 7 == 3),
            (await host.RecordsAsync(id, success: false)).Select(record => record["input"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_batch_of_many_large_inputs_has_one_record_per_input_in_order()
    {
        await using var host = await CoreHost.StartAsync();
        host.Server.Rows = FakeDicomStore.Instances(1);
        // Around the slices they are read in: shorter, as long, and longer.
        var inputs = Enumerable.Range(0, 40).Select(i => Padded(Numbered(i), (i * 37 % 11) * 100_000)).ToList();
        var id = await host.RunJobAsync(Search with { BufferSize = 10_000, MaxWorkers = 1 }, inputs);
        Assert.Equal(inputs, (await host.RecordsAsync(id)).Select(record => record["input"]!.ToJsonString()));
        Assert.Equal(40, (await host.Jobs.FindAsync(id, CancellationToken.None))!.Summary!.Succeeded);
    }

    [Fact]
    public async Task Results_as_array_are_the_same_records()
    {
        await using var host = await CoreHost.StartAsync();
        var id = await host.RunJobAsync(Search, Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? Numbered(i) : "{}"));
        foreach (var success in new bool?[] { null, true, false })
        {
            var array = JsonNode.Parse(await CopyAsync(host, id, success, asArray: true))!.AsArray();
            Assert.Equal(
                (await host.RecordsAsync(id, success)).Select(record => record.ToJsonString()),
                array.Select(record => record!.ToJsonString()));
        }

        var empty = await host.RunJobAsync(Search);
        Assert.Equal("[]\n", await CopyAsync(host, empty, null, asArray: true));
        Assert.Equal("", await CopyAsync(host, empty, null, asArray: false));
        Assert.Equal(JobStatus.Completed, (await host.Jobs.FindAsync(empty, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task Results_of_many_records_are_read_in_few_requests()
    {
        await using var host = await CoreHost.StartAsync();
        var id = await host.RunJobAsync(
            Search with { BufferSize = 100 }, Enumerable.Range(0, 200).Select(i => i is 50 or 120 ? "{}" : Numbered(i)));
        foreach (var (success, asArray, most) in new[] { (true, false, 4), (true, true, 4), (false, false, 3), ((bool?)null, true, 2) })
        {
            var reads = 0;
            host.Objects.Fault = (member, name) =>
            {
                reads += member == "OpenReadAsync" && name.Contains("/results/", StringComparison.Ordinal) ? 1 : 0;
                return null;
            };
            Assert.NotEmpty(await CopyAsync(host, id, success, asArray));
            Assert.InRange(reads, 1, most);
        }
    }

    [Fact]
    public async Task Results_of_records_larger_than_any_buffer_are_filtered_whole()
    {
        await using var host = await CoreHost.StartAsync();
        var large = "{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},\"7FE00010\":{\"vr\":\"OB\",\"InlineBinary\":\""
            + new string('A', 700_000) + "\"}}";
        var many = FakeDicomStore.Instances(5000);
        host.Server.Rows = [large, .. many];
        var id = await host.RunJobAsync(Search, "{}", Numbered(1), "{\"x\":\"success\",\"success\":true}", Numbered(2));
        var success = await host.RecordsAsync(id, success: true);
        Assert.Equal(2, success.Count);
        Assert.All(success, record => Assert.Equal(5001, record["result"]!.AsArray().Count));
        Assert.Equal(2, (await host.RecordsAsync(id, success: false)).Count);
        var array = JsonNode.Parse(await CopyAsync(host, id, null, asArray: true))!.AsArray();
        Assert.Equal(4, array.Count);
    }

    [Fact]
    public async Task Results_of_the_deepest_inputs_and_rows_can_be_filtered()
    {
        await using var host = await CoreHost.StartAsync();
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));
        host.Server.Rows = ["{\"a\":" + Nested(63) + "}"];
        var id = await host.RunJobAsync(Search, CoreHost.SearchJson()[..^1] + ",\"a\":" + Nested(63) + "}", "{\"a\":" + Nested(63) + "}");
        var copy = await CopyAsync(host, id, success: true, asArray: false);
        Assert.Contains($"\"result\":[{host.Server.Rows[0]}]", copy, StringComparison.Ordinal);
        Assert.NotEmpty(await CopyAsync(host, id, success: false, asArray: true));
        var retry = (await host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).NewId;
        Assert.Equal(1, (await host.Jobs.WaitAsync(retry!, CancellationToken.None).InTime())!.Summary!.Inputs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(900_000)] // A batch of which is read in several slices.
    public async Task Cancel_stops_after_what_is_in_flight_and_retry_takes_the_rest(int padding)
    {
        var clock = CoreHost.SkippingClock();
        await using var host = await CoreHost.StartAsync(clock);
        var arrived = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        host.Server.Before = async _ =>
        {
            arrived.TrySetResult();
            await go.Task;
            return false;
        };
        var inputs = Enumerable.Range(0, 40).Select(i => Padded(Numbered(i), padding)).ToList();
        var id = await host.Jobs.SubmitAsync(
            Search with { MaxWorkers = 1, BufferSize = 5 }, CoreHost.Lines(inputs), CancellationToken.None);
        await arrived.Task.InTime();
        Assert.Equal(JobActionResult.Conflict, await host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
        Assert.Equal(JobActionResult.Conflict, await host.Jobs.ResumeAsync(id, CancellationToken.None));
        Assert.Equal(JobStatus.Running, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        Assert.Equal(JobActionResult.Done, await host.Jobs.CancelAsync(id, CancellationToken.None));
        Assert.Equal(JobActionResult.Done, await host.Jobs.CancelAsync(id, CancellationToken.None));
        Assert.Equal(JobStatus.Cancelling, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        clock.CreateTimer(static _ => { }, null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan).Dispose();
        go.SetResult();
        var view = (await host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
        Assert.Equal(JobStatus.Cancelled, view.State);
        Assert.Equal((1L, 39L), (view.Summary!.Succeeded, view.Summary.NotAttempted));
        Assert.Equal([[1L, 39L]], view.Summary.NotAttemptedInputs);
        Assert.Single(await host.RecordsAsync(id));
        Assert.Equal(JobActionResult.Conflict, await host.Jobs.CancelAsync(id, CancellationToken.None));

        var result = await host.Jobs.RetryAsync(id, caller: null, CancellationToken.None);
        var retry = result.NewId;
        Assert.Equal(JobActionOutcome.Done, result.Outcome);
        await host.Jobs.WaitAsync(retry!, CancellationToken.None).InTime();
        Assert.Equal(inputs.Skip(1), (await host.RecordsAsync(retry!)).Select(record => record["input"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_fault_anywhere_fails_the_job_and_resume_gives_every_input_its_record_once()
    {
        foreach (var (member, part) in new[]
        {
            ("StageBlockAsync", "/results/"), ("CommitBlocksAsync", "/results/"), ("PutAsync", "/checkpoint.json"),
            ("PutAsync", "/summary.json"),
            ("OpenReadAsync", "/input.ndjson"), ("OpenReadAsync", "/input.idx"),
        })
        {
            await using var host = await CoreHost.StartAsync(settings: ("Jobs:LegTime", "00:00:00"));
            var times = 0;
            host.Objects.Fault = (called, name) => called == member
                && name.Contains(part, StringComparison.Ordinal) && ++times > (part == "/summary.json" ? 0 : 1)
                ? new ObjectStoreException("gone")
                : null;
            var inputs = Enumerable.Range(0, 60).Select(Numbered).ToList();
            var id = await host.RunJobAsync(Search with { MaxWorkers = 2, BufferSize = 2 }, inputs);
            Assert.Equal(JobStatus.Failed, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);
            var committed = await host.RecordsAsync(id);
            Assert.Equal(inputs[..committed.Count], committed.Select(record => record["input"]!.ToJsonString()));
            host.Objects.IsDown = false;
            Assert.Equal(JobActionResult.Done, await host.Jobs.ResumeAsync(id, CancellationToken.None));
            Assert.Equal(JobStatus.Completed, (await host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
            Assert.Equal(inputs, (await host.RecordsAsync(id)).Select(record => record["input"]!.ToJsonString()));
        }
    }

    [Fact]
    public async Task A_job_that_ends_while_it_is_looked_at_has_completed()
    {
        await using var host = await CoreHost.StartAsync();
        var go = new TaskCompletionSource();
        host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var id = await host.Jobs.SubmitAsync(Search, CoreHost.Lines([Numbered(1)]), CancellationToken.None);

        // Its summary was not there yet; when the engine answers, it has ended.
        host.Engine.OnGet = async () =>
        {
            go.TrySetResult();
            await host.Engine.WaitAsync(id, CancellationToken.None).InTime();
        };
        var seen = (await host.Jobs.FindAsync(id, CancellationToken.None))!;

        Assert.Equal((JobStatus.Completed, 1L), (seen.State, seen.Summary?.Inputs));
    }

    [Fact]
    public async Task An_activity_that_fails_once_costs_nothing()
    {
        await using var host = await CoreHost.StartAsync();
        var times = new Dictionary<string, int>();
        host.Objects.Fault = (member, name) =>
        {
            if (!name.StartsWith("jobs/", StringComparison.Ordinal) || member is "ListAsync")
                return null;
            lock (times)
                return host.Engine.Executions.IsEmpty || !times.TryAdd(member + name, 1) ? null : new ObjectStoreException("once");
        };
        host.Engine.MaxAttempts = 100;
        var inputs = Enumerable.Range(0, 20).Select(Numbered).ToList();
        var id = await host.Jobs.SubmitAsync(Search, CoreHost.Lines(inputs), CancellationToken.None);
        await host.Engine.WaitAsync(id, CancellationToken.None).InTime();
        host.Objects.IsDown = false;
        Assert.Equal(JobStatus.Completed, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        Assert.Equal(inputs, (await host.RecordsAsync(id)).Select(record => record["input"]!.ToJsonString()));
        Assert.NotEmpty(times);
    }

    [Fact]
    public async Task Retry_is_of_the_inputs_without_a_success()
    {
        await using var host = await CoreHost.StartAsync();
        host.Server.Before = context =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(context.Request.Query["n"].ToString().EndsWith('3'));
        };
        var inputs = Enumerable.Range(0, 30).Select(Numbered).ToList();
        var id = await host.RunJobAsync(Search with { BufferSize = 4, MaxWorkers = 3 }, inputs);
        var retry = (await host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).NewId;
        var view = (await host.Jobs.WaitAsync(retry!, CancellationToken.None).InTime())!;
        Assert.Equal((id, 4, 3), (view.RetryOf, view.BufferSize, view.MaxWorkers));
        Assert.Equal(
            [inputs[3], inputs[13], inputs[23]], (await host.RecordsAsync(retry!)).Select(record => record["input"]!.ToJsonString()));
    }

    [Fact]
    public async Task Delete_removes_every_file()
    {
        await using var host = await CoreHost.StartAsync();
        await host.PutDicomAsync("drop/a.dcm");
        var id = await host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString(), IsBase64 = true },
            $"\"{Convert.ToBase64String(Some.DicomFile())}\"");
        Assert.NotEmpty(await host.ListAsync("jobs/"));
        Assert.Equal(JobActionResult.Done, await host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
        Assert.Empty(await host.ListAsync("jobs/"));
        Assert.Null(await host.Jobs.FindAsync(id, CancellationToken.None));
        Assert.Null(await host.Engine.GetAsync(id, CancellationToken.None));
        Assert.Equal(JobActionResult.NotFound, await host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
    }

    [Fact]
    public async Task Delete_a_job_that_has_just_finished_leaves_nothing_in_the_engine()
    {
        await using var host = await CoreHost.StartAsync();
        var (finished, go) = HoldAfter(host, "/summary.json");
        var id = await host.Jobs.SubmitAsync(Search, CoreHost.Lines([Numbered(1)]), CancellationToken.None);
        await finished.Task.InTime();
        Assert.Equal(JobStatus.Completed, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);

        var deletion = host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None);
        go.SetResult();

        Assert.Equal(JobActionResult.Done, await deletion.InTime());
        Assert.Null(await host.Engine.GetAsync(id, CancellationToken.None));
        Assert.Empty(await host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task Delete_a_finished_job_whose_instance_does_not_end_is_deleted_all_the_same()
    {
        await using var host = await CoreHost.StartAsync(CoreHost.SkippingClock());
        var (finished, go) = HoldAfter(host, "/summary.json");
        var id = await host.Jobs.SubmitAsync(Search, CoreHost.Lines([Numbered(1)]), CancellationToken.None);
        await finished.Task.InTime();

        Assert.Equal(JobActionResult.Done, await host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None).InTime());

        Assert.Empty(await host.ListAsync("jobs/"));
        go.SetResult();
    }

    [Fact]
    public async Task Delete_a_failed_job_that_is_resumed_meanwhile_is_refused()
    {
        await using var host = await CoreHost.StartAsync();
        host.Objects.Fault = (member, _) => member == "StageBlockAsync" ? new ObjectStoreException("gone") : null;
        var id = await host.RunJobAsync(Search, Numbered(1));
        var go = new TaskCompletionSource();
        host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };

        // The engine has just said that it failed.
        var looks = 0;
        host.Objects.Fault = (member, name) =>
        {
            if (member == "OpenReadAsync" && name.EndsWith("/summary.json", StringComparison.Ordinal) && ++looks == 2)
                Assert.Equal(JobActionResult.Done, host.Jobs.ResumeAsync(id, CancellationToken.None).GetAwaiter().GetResult());
            return null;
        };
        Assert.Equal(JobActionResult.Conflict, await host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));

        go.SetResult();
        Assert.Equal(JobStatus.Completed, (await host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
        Assert.Single(await host.RecordsAsync(id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Results_of_a_job_that_is_deleted_meanwhile_are_not_taken_for_whole(bool hasFinished)
    {
        await using var host = await CoreHost.StartAsync(settings: ("Jobs:LegTime", "00:00:00"));
        host.Objects.Fault = (_, name) =>
            !hasFinished && name.EndsWith("/summary.json", StringComparison.Ordinal) ? new ObjectStoreException("gone") : null;
        var id = await host.Jobs.SubmitAsync(
            Search with { MaxWorkers = 2, BufferSize = 8 }, CoreHost.Lines(Enumerable.Range(0, 64).Select(Numbered)),
            CancellationToken.None);
        await host.Engine.WaitAsync(id, CancellationToken.None).InTime();
        var files = new JobFiles(id);
        Assert.Equal(4, (await host.ListAsync(files.Results)).Count);

        // The first is being read when the next two go.
        host.Objects.Fault = (member, name) =>
        {
            for (var part = 1; member == "OpenReadAsync" && name == files.Part(0) && part < 3; part++)
                File.Delete(host.Folder.Combine("store", files.Part(part)));
            return null;
        };

        await Assert.ThrowsAsync<ObjectDamagedException>(() => host.RecordsAsync(id));
        // All but the last have gone when it begins.
        File.Delete(host.Folder.Combine("store", files.Part(0)));
        await Assert.ThrowsAsync<ObjectDamagedException>(() => host.RecordsAsync(id));
    }

    [Fact]
    public async Task List_is_newest_first_across_days_in_pages()
    {
        var clock = new TestClock();
        await using var host = await CoreHost.StartAsync(clock);
        List<string> ids = [];
        for (var i = 0; i < 7; i++)
        {
            ids.Add(await host.RunJobAsync(Search, Numbered(i)));
            clock.Advance(TimeSpan.FromHours(9));
        }

        ids.Reverse();
        Assert.Equal(ids, await ListAsync(host, before: null));
        for (var i = 0; i < ids.Count; i++)
            Assert.Equal(ids[(i + 1)..], await ListAsync(host, before: ids[i]));
        Assert.True(ids.Select(id => id[..8]).Distinct().Count() >= 3);
        Assert.Equal(ids, await ListAsync(host, before: "20991231-235959-000000"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("..%2f..%2f")]
    [InlineData("20261122-081653-k3f9x\0")]
    [InlineData("20261322-081653-k3f9x2")]
    [InlineData("20261122-081653-K3F9X2")]
    [InlineData("20261122/081653-k3f9x2")]
    [InlineData("20261122-081653-k3f9x2x")]
    public async Task Hostile_ids_are_no_jobs(string id)
    {
        await using var host = await CoreHost.StartAsync();
        foreach (var hostile in new[] { id, id + new string('a', 10_000) })
        {
            Assert.Null(await host.Jobs.FindAsync(hostile, CancellationToken.None));
            Assert.Null(await host.Jobs.WaitAsync(hostile, CancellationToken.None));
            Assert.Equal(JobActionResult.NotFound, await host.Jobs.CancelAsync(hostile, CancellationToken.None));
            Assert.Equal(JobActionResult.NotFound, await host.Jobs.ResumeAsync(hostile, CancellationToken.None));
            Assert.Equal(JobActionResult.NotFound, await host.Jobs.DeleteAsync(hostile, withFiles: false, CancellationToken.None));
            Assert.Equal(JobActionResult.NotFound, await host.Jobs.RetryAsync(hostile, caller: null, CancellationToken.None));
        }
    }

    [Theory]
    [InlineData("BaseUrl", "https://pacs.example.org/v1", "https://pacs.example.org/v1 (followed by projects/…)")]
    [InlineData("ServiceRoot", null, "(a DICOMweb root)")]
    [InlineData("Server", "pacs.example.org", "pacs.example.org")]
    public async Task A_job_for_another_server_is_failed_at_once_and_neither_resumed_nor_retried(string key, string? server, string named)
    {
        await using var host = await CoreHost.StartAsync();
        // One address, used in two ways, is two servers.
        var id = await AcceptAsync(host, spec => Serving(spec, key, server ?? host.Server.BaseUrl));

        Assert.True(await host.Engine.StartAsync(JobActivities.Workflow, id, new JobState { JobId = id }, CancellationToken.None));
        var view = (await host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;

        Assert.Equal(JobStatus.Failed, view.State);
        Assert.Contains(named, view.Failure, StringComparison.Ordinal);
        Assert.Contains("Resume it on a host set up for its server", view.Failure, StringComparison.Ordinal);
        Assert.Single(host.Engine.Executions, "RunBatches");
        Assert.Equal(JobActionResult.OtherServer, await host.Jobs.ResumeAsync(id, CancellationToken.None));
        Assert.Empty(host.Server.Requests);
    }

    [Theory]
    [InlineData("Server", "localhost")]
    [InlineData("Server", null)]
    [InlineData("BaseUrl", null)]
    public async Task A_job_for_this_server_whatever_build_made_it_resumes(string key, string? server)
    {
        await using var host = await CoreHost.StartAsync();
        var id = await AcceptAsync(host, spec => Serving(spec, key, server ?? (key == "Server" ? null : host.Server.BaseUrl)));

        Assert.Equal(JobActionResult.Done, await host.Jobs.ResumeAsync(id, CancellationToken.None));
        Assert.Equal(JobStatus.Completed, (await host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
        Assert.Single(host.Server.Requests);
    }

    [Fact]
    public async Task A_finished_job_for_another_server_is_not_retried()
    {
        await using var host = await CoreHost.StartAsync();
        var id = await host.RunJobAsync(Search, Numbered(1));
        await ChangeSpecAsync(host, id, spec => Serving(spec, "BaseUrl", "https://pacs.example.org"));

        Assert.Equal(JobActionResult.OtherServer, await host.Jobs.RetryAsync(id, caller: null, CancellationToken.None));
        Assert.Single(await ListAsync(host, before: null));
    }

    [Fact]
    public async Task An_interrupted_job_shows_what_was_committed()
    {
        await using var host = await CoreHost.StartAsync();
        var id = await host.RunJobAsync(Search, Numbered(1), Numbered(2), "{}");
        await host.Objects.DeleteAsync(new JobFiles(id).Summary, ifMatch: null, CancellationToken.None);
        Assert.True(await host.Engine.PurgeAsync(id, CancellationToken.None));

        var view = (await host.Jobs.FindAsync(id, CancellationToken.None))!;

        Assert.Equal(JobStatus.Interrupted, view.State);
        Assert.Equal((3, 2, 1, 3), (view.Progress.Total, view.Progress.Succeeded, view.Progress.Failed, view.Progress.Done));
        Assert.Null(view.Rate);
    }

    [Fact]
    public async Task An_interrupted_job_without_a_checkpoint_shows_how_many_inputs_it_has()
    {
        await using var host = await CoreHost.StartAsync();
        var names = new[] { await host.PutDicomAsync("drop/a.dcm", "1.2.1"), await host.PutDicomAsync("drop/b.dcm", "1.2.2") };
        var submission = new JobSubmission { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString() };
        var id = await host.RunJobAsync(submission, names);
        await host.Objects.DeleteAsync(new JobFiles(id).Summary, ifMatch: null, CancellationToken.None);
        await host.Objects.DeleteAsync(new JobFiles(id).Checkpoint, ifMatch: null, CancellationToken.None);
        Assert.True(await host.Engine.PurgeAsync(id, CancellationToken.None));

        var progress = (await host.Jobs.FindAsync(id, CancellationToken.None))!.Progress;

        Assert.Equal((2, 0), (progress.Total, progress.Done));
    }

    [Fact]
    public void Done_never_counts_what_was_not_tried() =>
        Assert.Equal(3, new JobProgress { Total = 10, Succeeded = 2, Failed = 1, NotAttempted = 7 }.Done);

    private static JobSpec Serving(JobSpec spec, string key, string? server) => spec with
    {
        BaseUrl = key == "BaseUrl" ? new Uri(server!) : null,
        ServiceRoot = key == "ServiceRoot" ? new Uri(server!) : null,
        Server = key == "Server" ? server : null,
    };

    private static async Task<string> AcceptAsync(CoreHost host, Func<JobSpec, JobSpec> change)
    {
        var draft = host.Jobs.Draft(JobKind.Search);
        await using (draft)
        {
            await draft.AddAsync(Encoding.UTF8.GetBytes(Numbered(1)), CancellationToken.None);
            await draft.AcceptAsync(Search, CancellationToken.None);
        }

        await ChangeSpecAsync(host, draft.Id, change);
        return draft.Id;
    }

    private static async Task ChangeSpecAsync(CoreHost host, string id, Func<JobSpec, JobSpec> change)
    {
        var jobStore = host.Services.GetRequiredService<JobStore>();
        var spec = await jobStore.GetSpecAsync(id, CancellationToken.None);
        await jobStore.WriteSpecAsync(change(spec), PutCondition.Always, CancellationToken.None);
        jobStore.Forget(id);
    }

    [Fact]
    public async Task Submit_whose_inputs_fail_leaves_nothing()
    {
        await using var host = await CoreHost.StartAsync(settings: ("Jobs:BlockSize", "65536"));
        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Broken()
        {
            for (var i = 0; i < 3000; i++)
                yield return Encoding.UTF8.GetBytes(Numbered(i));
            await Task.Yield();
            throw new IOException("reset");
        }

        await Assert.ThrowsAsync<IOException>(() => host.Jobs.SubmitAsync(Search, Broken(), CancellationToken.None));
        Assert.Empty(await host.ListAsync("jobs/"));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(host.Folder.Path, "*", SearchOption.AllDirectories), file => new FileInfo(file).Length > 0);
    }

    /// <summary>Holds the writer of a file once it is written, until told to go on.</summary>
    private static (TaskCompletionSource Written, TaskCompletionSource Go) HoldAfter(CoreHost host, string file)
    {
        var (written, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Objects.AfterPut = name =>
        {
            if (!name.EndsWith(file, StringComparison.Ordinal))
                return Task.CompletedTask;
            written.TrySetResult();
            return go.Task;
        };
        return (written, go);
    }

    private static string Numbered(int number) => CoreHost.SearchJson(parameters: $"{{\"n\":{number}}}");

    private static string Padded(string json, int length) => json.Insert(1, $"\"note\":\"{new string('x', length)}\",");

    private static async Task<List<string>> ListAsync(CoreHost host, string? before)
    {
        List<string> ids = [];
        await foreach (var view in host.Jobs.ListAsync(before, CancellationToken.None))
            ids.Add(view.Id);
        return ids;
    }

    private static async Task<string> CopyAsync(CoreHost host, string id, bool? success, bool asArray)
    {
        using var copy = new MemoryStream();
        await host.Jobs.CopyResultsAsync(id, new RecordFilter { Success = success }, asArray, copy, CancellationToken.None);
        return Encoding.UTF8.GetString(copy.ToArray());
    }
}
