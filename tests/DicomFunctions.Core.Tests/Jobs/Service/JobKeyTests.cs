using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

/// <summary>That a submission with a key is one job, however often it is sent and whatever is interrupted.</summary>
public sealed class JobKeyTests : IAsyncLifetime
{
    private const string Key = "8e03978e-40d5-43dd-bc93-6894a57f9324";

    private static readonly JobSubmission Search = new() { Kind = JobKind.Search };
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TestClock _time = new();
    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(_time, null, ("Jobs:Retention", "30.00:00:00"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_repetition_is_the_same_job_and_leaves_nothing_else()
    {
        var id = await SubmitAsync();
        await EndAsync(id);

        Assert.Equal(id, await SubmitAsync());

        Assert.Equal([id], await ListAsync());
        Assert.Single(await FoldersAsync());
        Assert.Single(_host.Server.Requests);
    }

    [Fact]
    public async Task A_repetition_of_a_job_under_way_is_the_same_job()
    {
        var go = new TaskCompletionSource();
        _host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var id = await SubmitAsync();

        Assert.Equal(id, await SubmitAsync());

        go.SetResult();
        await EndAsync(id);
        Assert.Single(_host.Server.Requests);
    }

    [Fact]
    public async Task The_same_key_is_another_job_of_another_kind_and_another_key_another_job()
    {
        var id = await SubmitAsync();

        var retrieve = await SubmitAsync(submission: new JobSubmission { Kind = JobKind.Retrieve });
        var other = await SubmitAsync(key: "another");

        Assert.Equal(3, new[] { id, retrieve, other }.Distinct().Count());
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData(null, 3)]
    public async Task The_same_key_with_other_inputs_or_options_is_a_conflict_and_leaves_nothing(string? input, int? maxWorkers)
    {
        var id = await SubmitAsync();

        var exception = await Assert.ThrowsAsync<KeyConflictException>(
            () => SubmitAsync(input: input, submission: Search with { MaxWorkers = maxWorkers }));

        Assert.Contains(id, exception.Message, StringComparison.Ordinal);
        Assert.Single(await FoldersAsync());
    }

    [Fact]
    public async Task Inputs_that_are_split_otherwise_are_other_inputs()
    {
        await SubmitAsync(input: "\"ab\"");
        await using var draft = _host.Jobs.Draft(JobKind.Search, key: Key);
        await draft.AddAsync("\"a"u8, CancellationToken.None);
        await draft.AddAsync("b\""u8, CancellationToken.None);

        await Assert.ThrowsAsync<KeyConflictException>(() => _host.Jobs.SubmitAsync(draft, Search, CancellationToken.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_submission_cut_short_anywhere_is_one_job_once_it_is_repeated(bool isResumed)
    {
        for (var cut = 1; ; cut++)
        {
            var key = $"key {cut}";
            var first = await SubmitUntilAsync(cut, key);
            // The store was away for a moment, in which the job may have begun.
            if (first is not null)
            {
                Assert.Equal(first, await SubmitAsync(key));
                Assert.InRange(cut, 5, 40);
                return;
            }

            var left = isResumed ? (await ListAsync()).SingleOrDefault() : null;
            if (left is not null)
                Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(left, CancellationToken.None));
            var id = await SubmitAsync(key);
            Assert.Equal(left ?? id, id);

            Assert.Equal([id], await ListAsync());
            Assert.Equal(JobStatus.Completed, await EndAsync(id));
            Assert.Single(await _host.RecordsAsync(id));
            Assert.Single(_host.Server.Requests);
            await ClearAsync();
        }
    }

    [Fact]
    public async Task A_repetition_cut_short_anywhere_leaves_one_job_once_it_is_repeated()
    {
        for (var cut = 1; ; cut++)
        {
            var key = $"key {cut}";
            // What a host leaves that dies before it takes the key.
            var lost = await LeaveDraftAsync(key);
            var second = await SubmitUntilAsync(cut, key);
            var id = await SubmitAsync(key);
            if (second is not null)
            {
                Assert.Equal(second, id);
                Assert.InRange(cut, 5, 40);
                return;
            }

            Assert.Equal([id], await ListAsync());
            Assert.NotEqual(lost, id);
            Assert.Equal(JobStatus.Completed, await EndAsync(id));
            Assert.Equal(JobActionResult.NotFound, await _host.Jobs.ResumeAsync(lost, CancellationToken.None));
            Assert.Single(_host.Server.Requests);
            await ClearAsync();
        }
    }

    [Fact]
    public async Task A_repetition_of_a_job_that_was_never_started_starts_it_even_if_it_is_itself_cut_short()
    {
        for (var cut = 1; ; cut++)
        {
            var key = $"key {cut}";
            var id = await SubmitUntoldAsync(key);
            var isWhole = await SubmitUntilAsync(cut, key) is not null;
            Assert.Equal(id, await SubmitAsync(key));
            if (isWhole)
            {
                Assert.InRange(cut, 10, 60);
                return;
            }

            // It may have been started while the store was away.
            if (await EndAsync(id) == JobStatus.Failed)
                Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(id, CancellationToken.None));
            Assert.Equal(JobStatus.Completed, await EndAsync(id));
            Assert.Equal([id], await ListAsync());
            Assert.Single(await _host.RecordsAsync(id));
            await ClearAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task Many_at_once_are_one_job_that_runs_once(int inputs)
    {
        var all = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => SubmitAsync(input: inputs == 0 ? "" : null)))).InTime();

        var id = Assert.Single(all.Distinct());
        Assert.Equal(JobStatus.Completed, await EndAsync(id));
        Assert.Equal([id], await ListAsync());
        Assert.Single(await FoldersAsync());
        Assert.Equal(inputs, _host.Server.Requests.Count);
        Assert.Single(_host.Engine.Executions, "CommitLeg");
    }

    [Fact]
    public async Task A_submission_that_another_overtakes_just_before_the_claim_is_that_one()
    {
        string? winner = null;
        var isFirst = true;
        _host.Objects.Fault = (member, name) =>
        {
            if (member != "PutAsync" || !name.StartsWith("keys/", StringComparison.Ordinal) || !isFirst)
                return null;
            isFirst = false;
            winner = SubmitAsync().GetAwaiter().GetResult();
            return null;
        };

        var id = await SubmitAsync();

        Assert.Equal(winner, id);
        Assert.Equal([id], await ListAsync());
        Assert.Single(await FoldersAsync());
    }

    [Theory]
    [InlineData("/job.json", 0)]
    [InlineData("keys/", 1)]
    public async Task A_write_whose_answer_is_lost_leaves_no_job_and_keeps_the_key_from_none(string what, int claims)
    {
        _host.Objects.AfterPut = name =>
            name.Contains(what, StringComparison.Ordinal) ? throw new ObjectStoreException("lost") : Task.CompletedTask;
        await Assert.ThrowsAsync<ObjectStoreException>(() => SubmitAsync());
        _host.Objects.AfterPut = static _ => Task.CompletedTask;
        Assert.Empty(await _host.ListAsync("jobs/"));
        Assert.Equal(claims, (await _host.ListAsync("keys/")).Count);

        var id = await SubmitAsync();

        Assert.Equal(JobStatus.Completed, await EndAsync(id));
        Assert.Equal(id, await SubmitAsync());
    }

    [Fact]
    public async Task A_key_belongs_to_its_job_for_a_day()
    {
        var id = await SubmitAsync();
        await EndAsync(id);
        _time.Advance(Day - TimeSpan.FromSeconds(1));
        Assert.Equal(id, await SubmitAsync());
        _time.Advance(TimeSpan.FromSeconds(2));

        var other = await SubmitAsync(input: "{}");

        Assert.NotEqual(id, other);
        Assert.Equal(other, await SubmitAsync(input: "{}"));
        Assert.Equal([other, id], await ListAsync());
    }

    [Fact]
    public async Task A_key_that_a_clock_took_that_was_years_ahead_is_free()
    {
        var id = await SubmitAsync();
        await EndAsync(id);
        var name = Assert.Single(await _host.ListAsync("keys/"));
        var claim = JsonNode.Parse(await _host.ReadTextAsync(name))!;
        claim["taken_at"] = _time.GetUtcNow().AddYears(10);
        await _host.PutAsync(name, Encoding.UTF8.GetBytes(claim.ToJsonString()));

        Assert.NotEqual(id, await SubmitAsync());
    }

    [Fact]
    public async Task A_key_is_free_once_its_job_is_deleted()
    {
        var id = await SubmitAsync();
        await EndAsync(id);
        await _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None);

        var other = await SubmitAsync(input: "{}");

        Assert.NotEqual(id, other);
        Assert.Equal(JobStatus.Completed, await EndAsync(other));
        Assert.Equal([other], await ListAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"job_id\":\"../../x\",\"body_hash\":\"\",\"taken_at\":\"2026-11-26T00:00:00Z\"}")]
    [InlineData("[]")]
    public async Task A_damaged_claim_keeps_the_key_from_none(string content)
    {
        await EndAsync(await SubmitAsync());
        await _host.PutAsync(Assert.Single(await _host.ListAsync("keys/")), Encoding.UTF8.GetBytes(content));

        var id = await SubmitAsync();

        Assert.Equal(id, await SubmitAsync());
    }

    [Fact]
    public async Task A_draft_takes_its_key_when_it_is_resumed()
    {
        var draft = await LeaveDraftAsync(Key);
        Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(draft, CancellationToken.None));

        Assert.Equal(draft, await SubmitAsync());

        Assert.Equal(JobStatus.Completed, await EndAsync(draft));
        Assert.Single(_host.Server.Requests);
    }

    [Fact]
    public async Task A_draft_whose_key_belongs_to_another_job_is_never_started_and_is_removed()
    {
        var draft = await LeaveDraftAsync(Key);
        var id = await SubmitAsync();

        Assert.Equal(JobActionResult.NotFound, await _host.Jobs.ResumeAsync(draft, CancellationToken.None));

        Assert.Single(await FoldersAsync());
        Assert.Null(await _host.Engine.GetAsync(draft, CancellationToken.None));
        Assert.Equal([id], await ListAsync());
    }

    [Fact]
    public async Task A_job_whose_engine_was_lost_is_kept_but_not_resumed_once_its_key_belongs_to_a_later_job()
    {
        var id = await SubmitAsync();
        await EndAsync(id);
        await LoseEngineAsync(id);
        _time.Advance(Day + TimeSpan.FromSeconds(2));
        var later = await SubmitAsync();

        Assert.Equal(JobActionOutcome.Refused, (await _host.Jobs.ResumeAsync(id, CancellationToken.None)).Outcome);

        Assert.Equal([later, id], await ListAsync());
        Assert.Null(await _host.Engine.GetAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task A_job_that_failed_is_resumed_whoever_has_its_key()
    {
        _host.Objects.Fault = (member, name) =>
            member == "PutAsync" && name.EndsWith("summary.json", StringComparison.Ordinal) ? new ObjectStoreException("full") : null;
        var id = await SubmitAsync();
        Assert.Equal(JobStatus.Failed, await EndAsync(id));
        _host.Objects.IsDown = false;
        _time.Advance(Day + TimeSpan.FromSeconds(2));
        await SubmitAsync();

        Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(id, CancellationToken.None));

        Assert.Equal(JobStatus.Completed, await EndAsync(id));
    }

    [Fact]
    public async Task A_job_that_takes_a_key_after_another_is_not_removed_by_a_look_that_began_before()
    {
        var other = await SubmitAsync();
        await EndAsync(other);
        var isFirst = true;
        // The repetition takes the key of a job that is deleted just then, while somebody who has seen the old claim looks.
        _host.Objects.Fault = (member, name) =>
        {
            if (!isFirst || member != "GetPropertiesAsync" || !name.StartsWith("keys/", StringComparison.Ordinal))
                return null;
            isFirst = false;
            var lost = ListAsync().GetAwaiter().GetResult();
            Assert.Equal([other], lost);
            _host.Jobs.DeleteAsync(other, withFiles: false, CancellationToken.None).GetAwaiter().GetResult();
            return null;
        };

        await Assert.ThrowsAsync<ObjectStoreException>(() => SubmitAsync());

        Assert.Empty(await _host.ListAsync("jobs/"));
        Assert.Equal(JobStatus.Completed, await EndAsync(await SubmitAsync()));
    }

    [Fact]
    public async Task Retention_removes_claims_whose_keys_are_free_and_no_others()
    {
        await EndAsync(await SubmitAsync());
        var name = Assert.Single(await _host.ListAsync("keys/"));
        // The store dates its objects by its own clock.
        var written = (await _host.Objects.GetPropertiesAsync(name, CancellationToken.None))!.LastModified;
        var clock = new FakeTimeProvider(written + Day);
        var claims = new JobClaims(_host.Objects, clock);
        await claims.RemoveExpiredAsync(CancellationToken.None);
        Assert.Single(await _host.ListAsync("keys/"));
        clock.Advance(Day + TimeSpan.FromSeconds(1));

        await claims.RemoveExpiredAsync(CancellationToken.None);

        Assert.Empty(await _host.ListAsync("keys/"));
    }

    [Fact]
    public async Task Retention_looks_after_claims()
    {
        await EndAsync(await SubmitAsync());
        _time.Advance(TimeSpan.FromDays(20_000));

        await _host.Jobs.RemoveExpiredAsync(CancellationToken.None);

        Assert.Empty(await _host.ListAsync(""));
    }

    private async Task<string> SubmitAsync(string key = Key, string? input = null, JobSubmission? submission = null)
    {
        var draft = _host.Jobs.Draft((submission ?? Search).Kind, key: key);
        await using (draft)
        {
            if (input != "")
                await draft.AddAsync(Encoding.UTF8.GetBytes(input ?? CoreHost.SearchJson()), CancellationToken.None);
            return await _host.Jobs.SubmitAsync(draft, submission ?? Search, CancellationToken.None);
        }
    }

    /// <summary>Submits to a store that goes away at a call, and comes back. Null if the submission failed.</summary>
    private async Task<string?> SubmitUntilAsync(int cut, string key)
    {
        var calls = 0;
        _host.Objects.Fault = (_, _) => Interlocked.Increment(ref calls) >= cut ? new ObjectStoreException("killed") : null;
        try
        {
            return await SubmitAsync(key);
        }
        catch (ObjectStoreException)
        {
            return null;
        }
        finally
        {
            _host.Objects.IsDown = false;
        }
    }

    /// <summary>Leaves what a host leaves that dies after it has written <c>job.json</c>.</summary>
    private async Task<string> LeaveDraftAsync(string key)
    {
        var draft = _host.Jobs.Draft(JobKind.Search, key: key);
        await using (draft)
        {
            await draft.AddAsync(Encoding.UTF8.GetBytes(CoreHost.SearchJson()), CancellationToken.None);
            await draft.AcceptAsync(Search, CancellationToken.None);
        }

        Assert.Equal(JobStatus.Interrupted, await StateAsync(draft.Id));
        return draft.Id;
    }

    /// <summary>Submits to an engine that goes away at the moment it is told.</summary>
    private async Task<string> SubmitUntoldAsync(string key)
    {
        _host.Engine.OnStart = () =>
        {
            _host.Engine.OnGet = () => throw new ObjectStoreException("no engine");
            throw new ObjectStoreException("no engine");
        };
        var exception = await Assert.ThrowsAsync<JobNotStartedException>(() => SubmitAsync(key));
        (_host.Engine.OnStart, _host.Engine.OnGet) = (null, null);
        return exception.JobId!;
    }

    /// <summary>Makes the engine forget a job, and the job that it has ended.</summary>
    private async Task LoseEngineAsync(string id)
    {
        await _host.Engine.PurgeAsync(id, CancellationToken.None);
        await _host.Objects.DeleteAsync(new JobFiles(id).Summary, ifMatch: null, CancellationToken.None);
    }

    private async Task<JobStatus?> EndAsync(string id)
    {
        await _host.Engine.WaitAsync(id, CancellationToken.None).InTime();
        return await StateAsync(id);
    }

    private async Task<JobStatus?> StateAsync(string id) => (await _host.Jobs.FindAsync(id, CancellationToken.None))?.State;

    private async Task ClearAsync()
    {
        foreach (var id in await ListAsync())
            Assert.Equal(JobActionResult.Done, await _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
        _host.Server.Requests.Clear();
    }

    private async Task<List<string>> ListAsync() =>
        await _host.Jobs.ListAsync(null, CancellationToken.None).Select(job => job.Id).ToListAsync();

    private async Task<List<string>> FoldersAsync() =>
        [.. (await _host.ListAsync("jobs/")).Select(name => name.Split('/')[2]).Distinct()];
}
