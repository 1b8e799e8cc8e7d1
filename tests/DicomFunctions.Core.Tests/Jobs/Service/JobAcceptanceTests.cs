using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

/// <summary>That what was not answered is either not there, or named.</summary>
public sealed class JobAcceptanceTests : IAsyncLifetime
{
    private static readonly JobSubmission Search = new() { Kind = JobKind.Search };

    private readonly TestClock _time = new();
    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(_time, null, ("Jobs:Retention", "3.00:00:00"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Submit_leaves_nothing_when_the_engine_cannot_be_reached()
    {
        _host.Engine.OnGet = () => throw new ObjectStoreException("no engine");

        await Assert.ThrowsAsync<ObjectStoreException>(SubmitAsync);

        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_leaves_nothing_when_the_engine_refuses(bool isOfStore)
    {
        _host.Engine.OnStart = () => throw (isOfStore ? new ObjectStoreException("no") : new InvalidOperationException("no"));

        await Assert.ThrowsAsync<ObjectStoreException>(SubmitAsync);

        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task Submit_to_an_engine_whose_answer_is_lost_has_the_job()
    {
        _host.Engine.AfterStart = () => throw new ObjectStoreException("lost");

        var id = await SubmitAsync();

        Assert.Equal(JobStatus.Completed, (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
        Assert.Single(await _host.RecordsAsync(id));
    }

    [Fact]
    public async Task Submit_names_the_job_when_the_engine_vanishes_and_it_is_interrupted_and_resumes()
    {
        var id = await SubmitUntoldAsync();

        Assert.Equal(id, Assert.Single(await ListAsync()));
        Assert.Equal(JobStatus.Interrupted, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        Assert.Empty(await _host.RecordsAsync(id));
        Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(id, CancellationToken.None));
        Assert.Equal(JobStatus.Completed, (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
        Assert.Single(await _host.RecordsAsync(id));
    }

    [Fact]
    public async Task A_job_the_engine_was_never_told_of_ages_out_like_any_other_and_not_sooner()
    {
        var id = await SubmitUntoldAsync();
        var retention = _host.Services.GetRequiredService<JobRetention>();

        _time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(2));
        Assert.Equal(0, await retention.RunAsync(CancellationToken.None));
        Assert.Equal(JobStatus.Interrupted, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, await retention.RunAsync(CancellationToken.None));

        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task A_host_killed_between_the_job_and_its_start_leaves_an_interrupted_job_that_can_be_deleted()
    {
        var draft = _host.Jobs.Draft(JobKind.Search);
        await using (draft)
        {
            await draft.AddAsync(Encoding.UTF8.GetBytes(CoreHost.SearchJson()), CancellationToken.None);
            await draft.AcceptAsync(Search, CancellationToken.None);
        }

        Assert.Equal(JobStatus.Interrupted, (await _host.Jobs.FindAsync(draft.Id, CancellationToken.None))!.State);
        Assert.Equal(JobActionResult.Done, await _host.Jobs.DeleteAsync(draft.Id, withFiles: false, CancellationToken.None));
        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task Submit_a_refused_job_that_was_resumed_meanwhile_is_not_taken_back()
    {
        string? id = null;
        _host.Engine.OnStart = () =>
        {
            _host.Engine.OnStart = null;
            id = _host.Jobs.ListAsync(null, CancellationToken.None).FirstAsync().AsTask().GetAwaiter().GetResult().Id;
            Assert.Equal(JobActionResult.Done, _host.Jobs.ResumeAsync(id, CancellationToken.None).GetAwaiter().GetResult());
            throw new ObjectStoreException("no");
        };

        Assert.Equal(await SubmitAsync(), id);

        Assert.Equal(JobStatus.Completed, (await _host.Jobs.WaitAsync(id!, CancellationToken.None).InTime())!.State);
        Assert.Single(await _host.RecordsAsync(id!));
    }

    private Task<string> SubmitAsync() => _host.Jobs.SubmitAsync(Search, CoreHost.Lines([CoreHost.SearchJson()]), CancellationToken.None);

    /// <summary>Submits to an engine that goes away at the moment it is told.</summary>
    private async Task<string> SubmitUntoldAsync()
    {
        _host.Engine.OnStart = () =>
        {
            _host.Engine.OnGet = () => throw new ObjectStoreException("no engine");
            throw new ObjectStoreException("no engine");
        };
        var exception = await Assert.ThrowsAsync<JobNotStartedException>(SubmitAsync);
        (_host.Engine.OnStart, _host.Engine.OnGet) = (null, null);
        Assert.Contains(exception.JobId!, exception.Message, StringComparison.Ordinal);
        return exception.JobId!;
    }

    private async Task<List<string>> ListAsync() =>
        await _host.Jobs.ListAsync(null, CancellationToken.None).Select(job => job.Id).ToListAsync();
}
