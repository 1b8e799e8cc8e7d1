using System.Text.Json;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Drop;

/// <summary>The jobs that the drop makes.</summary>
public sealed class DropJobTests
{
    private const string Id = "20261122-080000-000001";

    [Fact]
    public async Task Collect_repeated_gives_the_job_it_has_made_whatever_is_in_the_folder_now()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        Assert.Equal(1, (await CollectAsync(host)).Files);
        var made = await host.ReadTextAsync(new JobFiles(Id).Spec);
        await host.Objects.DeleteAsync("drop/incoming/a.dcm", ifMatch: null, CancellationToken.None);
        Assert.Equal(1, (await CollectAsync(host)).Files);
        await host.PutDicomAsync("drop/incoming/b.dcm", "1.2.2");
        await host.PutDicomAsync("drop/incoming/c.dcm", "1.2.3");
        Assert.Equal(1, (await CollectAsync(host)).Files);

        Assert.Equal(made, await host.ReadTextAsync(new JobFiles(Id).Spec));
        await host.Engine.StartAsync(JobActivities.Workflow, Id, new JobState { JobId = Id }, CancellationToken.None);
        await host.Engine.WaitAsync(Id, CancellationToken.None).InTime();
        Assert.Equal("not_found", (string?)Assert.Single(await host.RecordsAsync(Id))["error"]!["code"]);
    }

    [Fact]
    public async Task Collect_whose_spec_is_written_though_its_answer_is_lost_gives_that_job_the_next_time()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        var made = await SpecAsync();
        LoseTheAnswerOf(host, "job.json", made);
        await Assert.ThrowsAsync<ObjectStoreException>(() => CollectAsync(host));
        host.Objects.IsDown = false;
        // Another execution of the same round may have been the one that wrote it: it is not taken from under that.
        Assert.Equal(made, await host.ReadTextAsync(new JobFiles(Id).Spec));

        await host.PutDicomAsync("drop/incoming/b.dcm", "1.2.2");
        Assert.Equal(1, (await CollectAsync(host)).Files);
        Assert.Equal(made, await host.ReadTextAsync(new JobFiles(Id).Spec));
    }

    [Fact]
    public async Task A_job_that_failed_for_good_is_not_taken_for_the_one_after_it()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        host.Objects.Fault = (_, name) => name.EndsWith("/summary.json", StringComparison.Ordinal)
            ? new ObjectStoreException("gone")
            : null;
        await RingAsync(host);
        host.Objects.IsDown = false;
        var failed = Assert.Single(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
        Assert.Equal((JobStatus.Failed, 1L), (failed.State, failed.Progress.Total));

        await host.PutDicomAsync("drop/incoming/b.dcm", "1.2.2");
        await RingAsync(host);
        var jobs = await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync();
        Assert.Equal([(JobStatus.Completed, 2L), (JobStatus.Interrupted, 1L)], jobs.Select(job => (job.State, job.Progress.Total)));
        // Its one record is committed; only its end is missing.
        Assert.Equal(1, jobs[1].Progress.Done);
    }

    [Fact]
    public async Task A_job_that_failed_for_good_is_not_under_way_when_the_drop_is_started_anew()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        host.Objects.Fault = (_, name) => name.EndsWith("/summary.json", StringComparison.Ordinal)
            ? new ObjectStoreException("gone")
            : null;
        await RingAsync(host);
        host.Objects.IsDown = false;
        var failed = Assert.Single(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());

        var (atWork, go) = HoldStores(host);
        await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await atWork.Task.InTime();

        Assert.Equal(JobStatus.Interrupted, (await host.Jobs.FindAsync(failed.Id, CancellationToken.None))!.State);
        go.SetResult();
    }

    [Fact]
    public async Task A_job_for_another_server_says_what_becomes_of_its_files()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        const string Id = "20261122-080000-000001";
        await host.Services.GetRequiredService<WorkflowCatalog>().RunActivityAsync("CollectDrop", $"\"{Id}\"", CancellationToken.None);
        var spec = await host.Services.GetRequiredService<JobStore>().GetSpecAsync(Id, CancellationToken.None);

        var refusal = host.Services.GetRequiredService<JobOwners>().RefuseToSend(
            spec with { BaseUrl = new Uri("https://pacs.example.org") }, host.Services.GetRequiredService<DicomServer>());

        Assert.Contains("pacs.example.org", refusal, StringComparison.Ordinal);
        Assert.Contains("drop/incoming become another job", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_files_are_still_to_be_cleared_away_cannot_be_deleted()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        var (finished, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Objects.AfterPut = name =>
        {
            if (!name.EndsWith("/summary.json", StringComparison.Ordinal))
                return Task.CompletedTask;
            finished.TrySetResult();
            return go.Task;
        };
        await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await finished.Task.InTime();
        var job = Assert.Single(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
        Assert.Equal(JobStatus.Completed, job.State);

        Assert.Equal(JobActionResult.Conflict, await host.Jobs.DeleteAsync(job.Id, withFiles: false, CancellationToken.None));

        go.SetResult();
        var ended = await host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).InTime();
        Assert.Equal(WorkflowState.Completed, ended!.State);
        Assert.Equal(JobActionResult.Done, await host.Jobs.DeleteAsync(job.Id, withFiles: false, CancellationToken.None));
        Assert.Empty(await host.ListAsync(""));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_that_another_instance_of_the_host_deleted_is_no_job_whatever_the_drop_does(bool isAtWork)
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        await RingAsync(host);
        var job = Assert.Single(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
        foreach (var file in await host.ListAsync(new JobFiles(job.Id).Prefix))
            await host.Objects.DeleteAsync(file, ifMatch: null, CancellationToken.None);
        var (atWork, go) = HoldStores(host);
        if (isAtWork)
        {
            await host.PutDicomAsync("drop/incoming/b.dcm", "1.2.2");
            await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
            await atWork.Task.InTime();
        }

        Assert.Null(await host.Jobs.FindAsync(job.Id, CancellationToken.None));
        go.SetResult();
    }

    [Fact]
    public async Task A_job_of_dropped_files_is_not_gone_on_with_by_hand_but_a_file_moved_back_is_worked_anew()
    {
        await using var host = await StartAsync();
        await host.PutAsync("drop/incoming/deep/a.dcm", "no DICOM"u8.ToArray());
        await RingAsync(host);
        var job = Assert.Single(await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
        Assert.True(job.IsOwned);
        var retry = await host.Jobs.RetryAsync(job.Id, caller: null, CancellationToken.None);
        Assert.Equal((JobActionOutcome.Refused, null), (retry.Outcome, retry.NewId));
        Assert.Contains("move them from drop/failed back", retry.Reason, StringComparison.Ordinal);
        Assert.Equal(JobActionOutcome.Refused, (await host.Jobs.ResumeAsync(job.Id, CancellationToken.None)).Outcome);

        // Mended in its place, and moved back.
        await host.PutDicomAsync("drop/failed/deep/a.dcm", "1.2.1");
        await host.Objects.MoveAsync("drop/failed/deep/a.dcm", "drop/incoming/deep/a.dcm", ifMatch: null, CancellationToken.None);
        await RingAsync(host);

        Assert.Equal(["1.2.1"], host.Server.Stored.Keys);
        Assert.Empty(await host.ListAsync("drop/"));
    }

    [Theory]
    [InlineData("a.dcm")]
    [InlineData("long")]
    public async Task All_of_the_failed_folder_moved_back_is_worked_anew_and_its_errors_are_no_files_of_their_own(string name)
    {
        name = name == "long" ? new string('n', 255) : name;
        await using var host = await StartAsync();
        await host.PutAsync("drop/incoming/" + name, "no DICOM"u8.ToArray());
        await host.PutAsync("drop/incoming/b.error.json", "somebody else's"u8.ToArray());
        await host.PutAsync("drop/incoming/c.error.json", """{"source":"elsewhere","success":false}"""u8.ToArray());
        await RingAsync(host);
        var failed = await host.ListAsync("drop/");
        Assert.Equal(6, failed.Count);

        foreach (var file in failed)
        {
            await host.Objects.MoveAsync(
                file, file.Replace("drop/failed/", "drop/incoming/", StringComparison.Ordinal), ifMatch: null, CancellationToken.None);
        }

        await RingAsync(host);

        Assert.Equal(failed, await host.ListAsync("drop/"));
    }

    /// <summary>The spec of the job that is made of one dropped file.</summary>
    private static async Task<string> SpecAsync()
    {
        await using var host = await StartAsync();
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        await CollectAsync(host);
        return await host.ReadTextAsync(new JobFiles(Id).Spec);
    }

    private static void LoseTheAnswerOf(CoreHost host, string file, string content) => host.Objects.Fault = (member, name) =>
    {
        if (member != "PutAsync" || !name.EndsWith(file, StringComparison.Ordinal))
            return null;
        File.WriteAllText(host.Folder.Combine("store", name), content);
        return new ObjectStoreException("The answer was lost.");
    };

    /// <summary>Holds whatever is sent to the DICOM store, until told to go on.</summary>
    private static (TaskCompletionSource Arrived, TaskCompletionSource Go) HoldStores(CoreHost host)
    {
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Server.Before = async _ =>
        {
            arrived.TrySetResult();
            await go.Task;
            return false;
        };
        return (arrived, go);
    }

    private static Task<CoreHost> StartAsync() => CoreHost.StartAsync(
        settings: [("Drop:Destination", CoreHost.Store.ToString()), ("Drop:SettleTime", "00:00:00")]);

    private static async Task<DropRound> CollectAsync(CoreHost host) => JsonSerializer.Deserialize(
        await host.Services.GetRequiredService<WorkflowCatalog>().RunActivityAsync("CollectDrop", $"\"{Id}\"", CancellationToken.None),
        DropActivities.Collect.Output)!;

    private static async Task RingAsync(CoreHost host)
    {
        await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).InTime();
    }
}
