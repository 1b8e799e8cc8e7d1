using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

/// <summary>That a deletion, once begun, is one, and that of a deletion and a resume one wins.</summary>
public sealed class JobDeletionTests : IAsyncLifetime
{
    private static readonly JobSubmission Search = new() { Kind = JobKind.Search };

    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("find")]
    [InlineData("list")]
    [InlineData("results")]
    [InlineData("resume")]
    [InlineData("retry")]
    [InlineData("cancel")]
    [InlineData("delete")]
    public async Task A_deletion_cut_short_anywhere_is_a_deletion_and_is_finished_by_whoever_looks(string look)
    {
        for (var cut = 1; ; cut++)
        {
            var id = await RunAsync();
            var deletes = 0;
            _host.Objects.Fault = (member, _) => member == "DeleteAsync" && ++deletes >= cut ? new ObjectStoreException("killed") : null;
            var isWhole = !await ThrowsAsync(() => _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
            _host.Objects.IsDown = false;
            if (isWhole)
            {
                Assert.InRange(cut, 4, 10);
                return;
            }

            switch (look)
            {
                case "find":
                    Assert.Null(await _host.Jobs.FindAsync(id, CancellationToken.None));
                    break;
                case "list":
                    Assert.Empty(await _host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync());
                    break;
                case "results":
                    Assert.Null(await _host.Jobs.OpenResultsAsync(id, RecordFilter.All, asArray: false, CancellationToken.None));
                    Assert.Null(await _host.Jobs.FindAsync(id, CancellationToken.None));
                    break;
                case "resume":
                    Assert.Equal(JobActionResult.NotFound, await _host.Jobs.ResumeAsync(id, CancellationToken.None));
                    break;
                case "retry":
                    Assert.Equal(JobActionResult.NotFound, await _host.Jobs.RetryAsync(id, caller: null, CancellationToken.None));
                    break;
                case "cancel":
                    Assert.Equal(JobActionResult.NotFound, await _host.Jobs.CancelAsync(id, CancellationToken.None));
                    break;
                case "delete":
                    Assert.Equal(JobActionResult.NotFound, await _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
                    break;
            }

            Assert.Empty(await _host.ListAsync("jobs/"));
            Assert.Null(await _host.Engine.GetAsync(id, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_deletion_with_files_cut_short_anywhere_takes_them_with_it()
    {
        for (var cut = 1; ; cut++)
        {
            var id = await RunAsync();
            string[] names = [$"retrieved/{id}/1/2/3.dcm", $"retrieved/{id}/1/2/4.dcm", "retrieved/other/1/2/3.dcm"];
            foreach (var name in names)
                await _host.PutAsync(name, [1]);
            var deletes = 0;
            _host.Objects.Fault = (member, _) => member == "DeleteAsync" && ++deletes >= cut ? new ObjectStoreException("killed") : null;
            var isWhole = !await ThrowsAsync(() => _host.Jobs.DeleteAsync(id, withFiles: true, CancellationToken.None));
            _host.Objects.IsDown = false;
            Assert.Null(await _host.Jobs.FindAsync(id, CancellationToken.None));
            Assert.Equal(names[2..], await _host.ListAsync("retrieved/"));
            Assert.Empty(await _host.ListAsync("jobs/"));
            if (!isWhole)
                continue;
            Assert.InRange(cut, 6, 12);
            return;
        }
    }

    [Fact]
    public async Task A_deleted_job_whose_files_cannot_be_removed_holds_up_no_list()
    {
        var gone = await RunAsync();
        var there = await RunAsync();
        _host.Objects.Fault = (member, name) =>
            member == "DeleteAsync" && name.Contains(gone, StringComparison.Ordinal) ? new ObjectStoreException("busy") : null;
        Assert.True(await ThrowsAsync(() => _host.Jobs.DeleteAsync(gone, withFiles: false, CancellationToken.None)));

        Assert.Equal([there], await _host.Jobs.ListAsync(null, CancellationToken.None).Select(job => job.Id).ToListAsync());
        Assert.Null(await _host.Jobs.FindAsync(gone, CancellationToken.None));
    }

    [Fact]
    public async Task Delete_on_a_full_disk_still_deletes()
    {
        var id = await RunAsync();
        _host.Objects.Fault = (member, _) => member == "PutAsync" ? new ObjectStoreException("The disk is full.") : null;

        Assert.Equal(JobActionResult.Done, await _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));

        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task Delete_of_a_job_resumed_just_before_is_refused()
    {
        var id = await FailAsync();
        JustBeforeItsSpecIsWritten(id, () => _host.Jobs.ResumeAsync(id, CancellationToken.None));

        Assert.Equal(JobActionResult.Conflict, await _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));

        Assert.Equal(JobStatus.Completed, (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
        Assert.Single(await _host.RecordsAsync(id));
    }

    [Fact]
    public async Task Resume_of_a_job_deleted_just_before_is_refused_and_starts_nothing()
    {
        var id = await FailAsync();
        JustBeforeItsSpecIsWritten(id, () => _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));

        Assert.Equal(JobActionResult.NotFound, await _host.Jobs.ResumeAsync(id, CancellationToken.None));

        Assert.Empty(await _host.ListAsync("jobs/"));
        Assert.Null(await _host.Engine.GetAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task Delete_twice_at_once_is_done_twice()
    {
        var id = await RunAsync();
        JustBeforeItsSpecIsWritten(id, () => _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));

        Assert.Equal(JobActionResult.Done, await _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));

        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task Resume_of_a_job_deleted_just_before_its_instance_starts_leaves_no_ghost()
    {
        var id = await FailAsync();
        _host.Engine.OnStart = () =>
        {
            _host.Engine.OnStart = null;
            var deletion = _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None);
            Assert.Equal(JobActionResult.Done, deletion.GetAwaiter().GetResult());
        };

        Assert.Equal(JobActionResult.NotFound, await _host.Jobs.ResumeAsync(id, CancellationToken.None));

        Assert.False((await _host.Engine.WaitAsync(id, CancellationToken.None).InTime()) is { IsActive: true });
        Assert.Empty(await _host.ListAsync("jobs/"));
        Assert.Empty(_host.Server.Requests);
    }

    [Fact]
    public async Task A_job_deleted_by_another_host_is_gone_for_this_one_though_it_knew_its_spec()
    {
        var id = await RunAsync();
        var jobStore = _host.Services.GetRequiredService<JobStore>();
        var spec = await jobStore.GetSpecAsync(id, CancellationToken.None);
        await jobStore.WriteSpecAsync(spec with { DeletedAt = DateTimeOffset.UtcNow }, PutCondition.Always, CancellationToken.None);

        Assert.Null(await _host.Jobs.OpenResultsAsync(id, RecordFilter.All, asArray: false, CancellationToken.None));
        Assert.Null(await _host.Jobs.FindAsync(id, CancellationToken.None));
        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    private Task<string> RunAsync() => _host.RunJobAsync(Search, CoreHost.SearchJson());

    /// <summary>Does something to a job, with success, in the moment before its <c>job.json</c> is next written.</summary>
    private void JustBeforeItsSpecIsWritten(string id, Func<Task<JobActionResult>> act)
    {
        var isFirst = true;
        _host.Objects.Fault = (member, name) =>
        {
            if (member != "PutAsync" || name != new JobFiles(id).Spec || !isFirst)
                return null;
            isFirst = false;
            Assert.Equal(JobActionResult.Done, act().GetAwaiter().GetResult());
            return null;
        };
    }

    private async Task<string> FailAsync()
    {
        _host.Objects.Fault = (member, _) => member == "StageBlockAsync" && !_host.Engine.Executions.IsEmpty
            ? new ObjectStoreException("full")
            : null;
        var id = await RunAsync();
        Assert.Equal(JobStatus.Failed, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        _host.Objects.IsDown = false;
        _host.Server.Requests.Clear();
        return id;
    }

    private static async Task<bool> ThrowsAsync(Func<Task> action)
    {
        try
        {
            await action();
            return false;
        }
        catch (ObjectStoreException)
        {
            return true;
        }
    }
}
