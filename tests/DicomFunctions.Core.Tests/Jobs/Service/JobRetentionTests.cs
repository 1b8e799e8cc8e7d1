using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

public sealed class JobRetentionTests : IAsyncLifetime
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(3);

    private readonly TestClock _time = new();
    private CoreHost _host = null!;

    private JobRetention Subject => _host.Services.GetRequiredService<JobRetention>();

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(_time, null, ("Jobs:Retention", "3.00:00:00"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task An_ended_job_goes_with_all_its_files_and_its_history_once_it_is_too_old()
    {
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        _time.Advance(Retention);
        Assert.Equal(1, await Subject.RunAsync(CancellationToken.None));

        Assert.Empty(await _host.ListAsync("jobs/"));
        Assert.Null(await _host.Engine.GetAsync(id, CancellationToken.None));
        Assert.Equal(0, await Subject.RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_younger_job_stays()
    {
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        _time.Advance(Retention - TimeSpan.FromSeconds(2));

        Assert.Equal(0, await Subject.RunAsync(CancellationToken.None));
        Assert.Single(await _host.RecordsAsync(id));
    }

    [Fact]
    public async Task An_old_job_that_ended_lately_stays()
    {
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        var old = JobId.Create(_time.GetUtcNow() - TimeSpan.FromDays(30), new Random(2));
        foreach (var name in await _host.ListAsync(new JobFiles(id).Prefix))
        {
            var text = (await _host.ReadTextAsync(name)).Replace(id, old, StringComparison.Ordinal);
            await _host.PutAsync(
                name.Replace(new JobFiles(id).Prefix, new JobFiles(old).Prefix, StringComparison.Ordinal), Encoding.UTF8.GetBytes(text));
        }

        Assert.Equal(0, await Subject.RunAsync(CancellationToken.None));
        Assert.NotNull(await _host.Jobs.FindAsync(old, CancellationToken.None));
    }

    [Fact]
    public async Task A_job_under_way_stays_however_old()
    {
        var mayEnd = new TaskCompletionSource();
        _host.Server.Before = async _ =>
        {
            await mayEnd.Task;
            return false;
        };
        var running = await _host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines([CoreHost.SearchJson()]), CancellationToken.None);
        _time.Advance(2 * Retention);

        Assert.Equal(0, await Subject.RunAsync(CancellationToken.None));
        mayEnd.SetResult();
        await _host.Jobs.WaitAsync(running, CancellationToken.None).InTime();
        Assert.Equal(0, await Subject.RunAsync(CancellationToken.None));
        _time.Advance(2 * Retention);
        Assert.Equal(1, await Subject.RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Files_of_a_job_that_was_never_accepted_go()
    {
        var old = JobId.Create(_time.GetUtcNow() - Retention - TimeSpan.FromDays(1), new Random(1));
        var young = JobId.Create(_time.GetUtcNow(), new Random(1));
        await _host.PutAsync(new JobFiles(old).Input, [1]);
        await _host.PutAsync(new JobFiles(old).Body(0), [2]);
        await _host.PutAsync(new JobFiles(young).Body(0), [3]);

        Assert.Equal(1, await Subject.RunAsync(CancellationToken.None));
        Assert.Equal([new JobFiles(young).Body(0)], await _host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task A_removal_cut_short_is_finished_by_the_next()
    {
        await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        _time.Advance(Retention);
        _host.Objects.Fault = static (member, name) =>
            member == "DeleteAsync" && name.EndsWith("input.ndjson", StringComparison.Ordinal)
                ? new ObjectStoreException("The disk is gone.")
                : null;
        await Assert.ThrowsAnyAsync<IOException>(() => Subject.RunAsync(CancellationToken.None));
        _host.Objects.IsDown = false;

        Assert.Equal(1, await Subject.RunAsync(CancellationToken.None));
        Assert.Empty(await _host.ListAsync("jobs/"));
    }
}
