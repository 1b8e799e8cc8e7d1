using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

/// <summary>That a damaged file of a job damages that job alone, and what becomes of it.</summary>
public sealed class JobDamageTests : IAsyncLifetime
{
    private const string Json = "job.json", Summary = "summary.json", Checkpoint = "checkpoint.json", Part = "results/00000.ndjson";
    private const string Input = "input.ndjson", Index = "input.idx";

    /// <summary>Damage to small files beside that to any file: JSON of another kind, of another job, or with impossible values.</summary>
    private static readonly string[] Texts =
        ["<html>", "null", "[]", "{}", "{\"id\":7}", "OTHER", "STRING", "NEGATIVE", "NULLS", "\u0001\uFFFD"];

    private static readonly string[] Readable = [FileDamage.Empty, FileDamage.Half, FileDamage.Zeros, FileDamage.Flipped];
    private static readonly string[] Gone = [FileDamage.Removed, FileDamage.Folder];

    private readonly TestClock _time = new();
    private CoreHost _host = null!;

    /// <summary>What becomes of a finished job: file, damage; state (null: there is none), results, resume, retry.</summary>
    public static TheoryData<string, string, object?, string, object, object> Finished()
    {
        var table = new TheoryData<string, string, object?, string, object, object>();
        // The job cannot be told, and its records can be read.
        foreach (var way in Readable.Concat(Texts))
            table.Add(Json, way, JobStatus.Damaged, "whole", JobActionOutcome.Damaged, JobActionOutcome.Damaged);
        // A job is its job.json. What is left ages out.
        foreach (var way in Gone)
            table.Add(Json, way, null, "404", JobActionOutcome.NotFound, JobActionOutcome.NotFound);
        // The checkpoint has it all: resume writes the summary again.
        foreach (var way in Readable.Concat(Texts))
            table.Add(Summary, way, JobStatus.Damaged, "whole", JobActionOutcome.Done, JobActionOutcome.Damaged);
        foreach (var way in Gone)
            table.Add(Summary, way, JobStatus.Failed, "whole", JobActionOutcome.Done, JobActionOutcome.Conflict);
        // Nobody asks for them any more.
        foreach (var way in FileDamage.Ways)
        {
            table.Add(Checkpoint, way, JobStatus.Completed, "whole", JobActionOutcome.Conflict, JobActionOutcome.Done);
            table.Add(Index, way, JobStatus.Completed, "whole", JobActionOutcome.Conflict, JobActionOutcome.Done);
        }

        // Records that are lost are not taken for whole: a file that is gone is told at once, one that is short when it ends.
        foreach (var way in Gone)
            table.Add(Part, way, JobStatus.Completed, "409", JobActionOutcome.Conflict, JobActionOutcome.Damaged);
        foreach (var way in Readable[..3])
            table.Add(Part, way, JobStatus.Completed, "cut", JobActionOutcome.Conflict, JobActionOutcome.Damaged);
        // A retry reads the inputs.
        foreach (var way in Gone.Concat(Readable[..3]))
            table.Add(Input, way, JobStatus.Completed, "whole", JobActionOutcome.Conflict, JobActionOutcome.Damaged);
        return table;
    }

    /// <summary>What becomes of a failed job that is resumed: file, damage, and the file its failure names; null: it completes.</summary>
    public static TheoryData<string, string, string?> Resumed()
    {
        var table = new TheoryData<string, string, string?>();
        // It starts over.
        foreach (var way in Readable.Concat(Texts).Append(FileDamage.Removed))
            table.Add(Checkpoint, way, null);
        foreach (var way in FileDamage.Ways)
        {
            // A flipped bit may be of a leg that is committed, or leave a batch of another size.
            if (way is not (FileDamage.Flipped or FileDamage.FlippedWithin))
                table.Add(Index, way, Index);
            table.Add(Part, way, null);
        }

        foreach (var way in Gone.Concat(Readable[..3]))
            table.Add(Input, way, Input);
        return table;
    }

    public async Task InitializeAsync() =>
        _host = await CoreHost.StartAsync(_time, null, ("Jobs:Retention", "3.00:00:00"), ("Jobs:LegTime", "00:00:00"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Finished))]
    public async Task A_finished_job_that_is_damaged_is_one_damaged_job(
        string file, string way, object? state, string results, object resume, object retry)
    {
        var before = await RunAsync();
        var id = await RunAsync();
        var after = await RunAsync();
        DamageFile(id, file, way);

        var listed = await _host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync();
        Assert.Equal(state is null ? [after, before] : [after, id, before], listed.Select(job => job.Id));
        Assert.Equal(state, listed.SingleOrDefault(job => job.Id == id)?.State);
        var view = await _host.Jobs.FindAsync(id, CancellationToken.None);
        Assert.Equal(state, view?.State);
        Assert.Equal(state is JobStatus.Damaged, view?.Failure?.StartsWith(file + " is damaged: ", StringComparison.Ordinal) == true);
        Assert.Equal(results, await ReadAsync(id));
        Assert.Equal(
            state is null ? JobActionResult.NotFound : JobActionResult.Conflict, await _host.Jobs.CancelAsync(id, CancellationToken.None));
        Assert.Equal(retry, (await _host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).Outcome);
        Assert.Equal(resume, (await _host.Jobs.ResumeAsync(id, CancellationToken.None)).Outcome);
        if (resume is JobActionOutcome.Done)
        {
            // Where a folder is in the way, the summary cannot be written, and the job says so.
            var end = (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
            Assert.Equal(way == FileDamage.Folder ? JobStatus.Failed : JobStatus.Completed, end.State);
            Assert.Equal("whole", await ReadAsync(id));
        }

        Assert.Equal(
            state is null ? JobActionResult.NotFound : JobActionResult.Done,
            await _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
        Assert.Null(await _host.Jobs.FindAsync(id, CancellationToken.None));
        Assert.Equal("whole", await ReadAsync(before));
        Assert.Equal("whole", await ReadAsync(after));
    }

    [Theory]
    [MemberData(nameof(Finished))]
    public async Task A_damaged_job_ages_out_like_any_other(
        string file, string way, object? state, string results, object resume, object retry)
    {
        _ = (state, results, resume, retry);
        await RunAsync();
        var id = await RunAsync();
        await RunAsync();
        DamageFile(id, file, way);
        _time.Advance(TimeSpan.FromDays(5));

        Assert.Equal(3, await _host.Services.GetRequiredService<JobRetention>().RunAsync(CancellationToken.None));

        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Theory]
    [MemberData(nameof(Resumed))]
    public async Task A_failed_job_that_is_damaged_completes_or_says_what_is_missing(string file, string way, string? named)
    {
        _host.Objects.Fault = (_, name) => name.Contains("/results/00001", StringComparison.Ordinal)
            ? new ObjectStoreException("gone")
            : null;
        var inputs = Enumerable.Range(0, 40).Select(Numbered).ToList();
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search, BufferSize = 16, MaxWorkers = 1 }, inputs);
        _host.Objects.IsDown = false;
        Assert.Equal(16, (await _host.RecordsAsync(id)).Count);
        DamageFile(id, file, way);
        Assert.Equal(JobStatus.Failed, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.State);

        Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(id, CancellationToken.None));

        var view = (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
        if (named is not null)
        {
            Assert.Equal(JobStatus.Failed, view.State);
            Assert.Contains(named, view.Failure, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(JobStatus.Completed, view.State);
        if (file == Checkpoint)
            Assert.Equal(inputs, (await _host.RecordsAsync(id)).Select(record => record["input"]!.ToJsonString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Two_inputs_that_became_one_are_not_a_completed_job(int bufferSize)
    {
        var id = await AcceptAsync(bufferSize);
        var path = PathOf(id, Input);
        var content = await File.ReadAllBytesAsync(path);
        content[Array.IndexOf(content, (byte)'\n')] ^= 1;
        await File.WriteAllBytesAsync(path, content);

        Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(id, CancellationToken.None));

        var view = (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
        Assert.Equal(JobStatus.Failed, view.State);
        Assert.Contains(Input, view.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_with_an_offset_that_is_wrong_loses_no_input()
    {
        var states = new HashSet<JobStatus>();
        for (var bit = 0; bit < 16; bit++)
        {
            var id = await AcceptAsync(bufferSize: 1);
            var path = PathOf(id, Index);
            var content = await File.ReadAllBytesAsync(path);
            content[sizeof(long) + (bit / 8)] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(path, content);
            Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(id, CancellationToken.None));
            var view = (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
            states.Add(view.State);
            if (view.State == JobStatus.Completed)
                Assert.Equal(3, (await _host.RecordsAsync(id)).Count);
            else
                Assert.True(view.Failure!.Contains(Index, StringComparison.Ordinal), view.Failure);
        }

        Assert.Contains(JobStatus.Failed, states);
    }

    [Fact]
    public async Task A_job_whose_file_is_closed_or_on_a_broken_disk_is_one_damaged_job()
    {
        var broken = await RunAsync();
        var there = await RunAsync();
        foreach (var exception in new ObjectStoreException[] { new ObjectDeniedException("no"), new ObjectDamagedException("EIO") })
        {
            foreach (var file in new[] { Json, Summary })
            {
                _host.Objects.Fault = (member, name) => member == "OpenReadAsync" && name == new JobFiles(broken).Prefix + file
                    ? exception
                    : null;
                Assert.Equal(
                    [JobStatus.Completed, JobStatus.Damaged],
                    (await _host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync()).Select(job => job.State));
                Assert.Equal("whole", await ReadAsync(there));
            }
        }
    }

    [Fact]
    public async Task A_day_that_cannot_be_read_holds_up_neither_list_nor_retention()
    {
        var old = await RunAsync();
        _time.Advance(TimeSpan.FromDays(1));
        var young = await RunAsync();
        _host.Objects.Fault = (member, name) =>
            member == "ListFoldersAsync" && name == $"jobs/{JobId.Day(old)}/" ? new ObjectDeniedException("no") : null;

        Assert.Equal([young], await _host.Jobs.ListAsync(null, CancellationToken.None).Select(job => job.Id).ToListAsync());
        _time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(1, await _host.Services.GetRequiredService<JobRetention>().RunAsync(CancellationToken.None));
        _host.Objects.IsDown = false;
        Assert.Equal([old], await _host.Jobs.ListAsync(null, CancellationToken.None).Select(job => job.Id).ToListAsync());
    }

    [Fact]
    public async Task A_job_that_cannot_be_removed_keeps_no_other_from_being_removed()
    {
        var stays = await RunAsync();
        await RunAsync();
        _time.Advance(TimeSpan.FromDays(5));
        _host.Objects.Fault = (member, name) =>
            member == "DeleteAsync" && name.Contains(stays, StringComparison.Ordinal) ? new ObjectStoreException("busy") : null;

        await Assert.ThrowsAsync<ObjectStoreException>(
            () => _host.Services.GetRequiredService<JobRetention>().RunAsync(CancellationToken.None));

        Assert.All(await _host.ListAsync("jobs/"), name => Assert.StartsWith(new JobFiles(stays).Prefix, name, StringComparison.Ordinal));
    }

    private async Task<string> RunAsync()
    {
        // Ids sort by the millisecond.
        _time.Advance(TimeSpan.FromSeconds(1));
        return await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, Numbered(1), "{}", Numbered(2));
    }

    /// <summary>A job that was accepted, and not started.</summary>
    private async Task<string> AcceptAsync(int bufferSize)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var draft = _host.Jobs.Draft(JobKind.Search);
        await using (draft)
        {
            foreach (var input in new[] { Numbered(1), Numbered(2), Numbered(3) })
                await draft.AddAsync(System.Text.Encoding.UTF8.GetBytes(input), CancellationToken.None);
            await draft.AcceptAsync(
                new JobSubmission { Kind = JobKind.Search, BufferSize = bufferSize, MaxWorkers = 1 }, CancellationToken.None);
        }

        return draft.Id;
    }

    private string PathOf(string id, string file) => _host.Folder.Combine("store", new JobFiles(id).Prefix + file);

    private void DamageFile(string id, string file, string way)
    {
        var path = PathOf(id, file);
        var text = file.EndsWith(".json", StringComparison.Ordinal) ? File.ReadAllText(path) : "";
        FileDamage.Do(path, way switch
        {
            "OTHER" => text.Replace(id, "20261122-081653-k3f9x2", StringComparison.Ordinal),
            "STRING" => text.Replace(":", ":\"x\",\"y\":", StringComparison.Ordinal),
            "NEGATIVE" => text.Replace(":", ":-", StringComparison.Ordinal),
            "NULLS" => System.Text.RegularExpressions.Regex.Replace(text, ":[^,}]+", ":null"),
            _ => way,
        });
    }

    /// <summary>Whether the job's records can be read, in both forms.</summary>
    private async Task<string> ReadAsync(string id)
    {
        List<string> outcomes = [];
        foreach (var asArray in new[] { false, true })
            outcomes.Add(await ReadAsync(id, asArray));
        return Assert.Single(outcomes.Distinct());
    }

    private async Task<string> ReadAsync(string id, bool asArray)
    {
        var outcome = "409";
        try
        {
            await using var records = await _host.Jobs.OpenResultsAsync(id, RecordFilter.All, asArray, CancellationToken.None);
            outcome = "cut";
            if (records is null)
                return "404";
            await records.CopyToAsync(Stream.Null, CancellationToken.None);
            return "whole";
        }
        catch (ObjectDamagedException)
        {
            return outcome;
        }
    }

    private static string Numbered(int number) => CoreHost.SearchJson(parameters: $"{{\"n\":{number}}}");
}
