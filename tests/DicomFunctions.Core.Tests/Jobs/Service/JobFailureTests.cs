using System.Globalization;
using System.Text.Json;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

/// <summary>Why inputs fail, by code, from the records to the view of the job.</summary>
public sealed class JobFailureTests : IAsyncLifetime
{
    private static readonly JobSubmission Sequential = new() { Kind = JobKind.Search, BufferSize = 1, MaxWorkers = 1 };

    private CoreHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(
            settings: [("DicomWeb:MaxAttempts", "1"), ("Jobs:ActivityTime", "00:00:00"), ("Jobs:LegTime", "00:00:00")]);
        _host.Server.Before = async context =>
        {
            if (Status(context) is not (>= 300 and var status))
                return false;
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("{}");
            return true;
        };
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Failures_are_counted_by_code_with_the_number_of_their_first_record()
    {
        var id = await _host.RunJobAsync(
            Sequential, Search(200), Search(403), Search(500), "{}", Search(403), Search(403), Search(200), "5");

        var job = (await _host.Jobs.FindAsync(id, CancellationToken.None))!;
        FailureCount[] failures =
        [
            new(FailureCode.PermissionDenied, 3, 1), new(FailureCode.InvalidRequest, 2, 3), new(FailureCode.ServerError, 1, 2),
        ];
        Assert.Equal(failures, job.Summary!.Failures);
        Assert.Equal(failures, job.Progress.Failures);
        foreach (var failure in failures)
        {
            var record = (await _host.RecordsAsync(id))[(int)failure.First];
            Assert.Equal(failure.Code, (string?)record["error"]!["code"]);
        }
    }

    [Fact]
    public async Task Inputs_that_were_not_attempted_have_no_record_and_the_first_is_counted_in_records()
    {
        var id = await _host.RunJobAsync(Sequential, Search(200), Search(403));
        var after = new JobState
        {
            JobId = id,
            Plan = new JobPlan { Inputs = 9, BatchSize = 1, Window = 1 },
            Cancelled = true,
            NotAttempted = [[0, 2], [4, 3], [8, 1]],
            Counts = new JobCounts { Failed = 3, Failures = [new("a", 2, 3), new("b", 1, 7)] },
        };
        await ActivatorUtilities.CreateInstance<CommitLeg>(_host.Services).RunAsync(
            new LegCommit { Part = 0, Runs = [], After = after }, CancellationToken.None);

        var summary = (await _host.Jobs.FindAsync(id, CancellationToken.None))!.Summary!;
        Assert.Equal([new FailureCount("a", 2, 1), new FailureCount("b", 1, 2)], summary.Failures);
    }

    [Fact]
    public async Task Pages_and_outcomes_read_only_the_parts_that_have_such_records()
    {
        // A leg, and so a part, for each two inputs: the failures are in the third.
        var id = await _host.RunJobAsync(
            Sequential with { BufferSize = 2 },
            Enumerable.Range(0, 10).Select(i => i == 5 ? Search(404) : Search(200, "" + i)));
        var parts = (await _host.Jobs.FindAsync(id, CancellationToken.None))!.PartRecords!;
        Assert.Equal([[2, 0], [2, 0], [2, 1], [2, 0], [2, 0]], parts.Select(part => part[..2]));
        Assert.Equal(parts.Select(part => part[2]).Order(), parts.Select(part => part[2]));

        Assert.Equal(["00002"], await ReadAsync(new RecordFilter { Success = false }));
        Assert.Equal(["00003"], await ReadAsync(new RecordFilter { From = 6, Count = 2 }));
        Assert.Equal(["00004"], await ReadAsync(new RecordFilter { Success = true, From = 8 }));
        Assert.Empty(await ReadAsync(new RecordFilter { From = 10 }));
        Assert.Equal(["00000", "00001", "00002", "00003", "00004"], await ReadAsync(RecordFilter.All));

        async Task<List<string>> ReadAsync(RecordFilter filter)
        {
            SortedSet<string> read = [];
            _host.Objects.Fault = (member, name) =>
            {
                if (member == "OpenReadAsync" && name.Contains("/results/", StringComparison.Ordinal))
                    read.Add(Path.GetFileNameWithoutExtension(name));
                return null;
            };
            await using var records = await _host.Jobs.OpenResultsAsync(id, filter, asArray: false, CancellationToken.None);
            await records!.CopyToAsync(Stream.Null, CancellationToken.None);
            _host.Objects.Fault = static (_, _) => null;
            return [.. read];
        }
    }

    [Fact]
    public async Task A_running_job_says_which_records_can_be_read_and_when_the_next_can()
    {
        var gate = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        _host.Server.Before = async context =>
        {
            if (Status(context) == 201)
            {
                asked.TrySetResult();
                await gate.Task;
            }

            return false;
        };
        var id = await _host.Jobs.SubmitAsync(
            Sequential with { BufferSize = 2 },
            CoreHost.Lines([Search(200, "0"), Search(200, "1"), Search(201), Search(200, "2"), Search(200, "3")]),
            CancellationToken.None);
        await asked.Task;

        var job = (await _host.Jobs.FindAsync(id, CancellationToken.None))!;
        Assert.Equal((2, 4), (job.Progress.Committed, job.Progress.LegEnd));
        Assert.NotNull(job.RecordsAt);
        Assert.Equal([2, 0], Assert.Single(job.PartRecords!)[..2]);
        Assert.Equal(2, (await _host.RecordsAsync(id)).Count);

        gate.SetResult();
        job = (await _host.Jobs.WaitAsync(id, CancellationToken.None))!;
        Assert.Equal((5, 0), (job.Progress.Committed, job.Progress.LegEnd));
        Assert.Null(job.RecordsAt);
    }

    [Fact]
    public void Progress_and_counts_of_earlier_builds_have_no_failures()
    {
        const string State = """
            {"version":2,"job_id":"20261122-080000-000001","next":0,"pace":0,"parts":3,"counts":{"succeeded":1,"failed":2,
            "attempts":3,"bytes":4,"statuses":{"200":1}},"not_attempted":[],"cancelled":false}
            """;
        var state = JsonSerializer.Deserialize(State, JobJson.Default.JobState)!;

        Assert.Empty(state.Counts.Failures);
        Assert.Empty(state.PartRecords);
        Assert.Equal([new FailureCount("x", 1, 0)], state.Counts.Plus(new JobCounts { Failures = [new("x", 1, 0)] }).Failures);
        Assert.Empty(JsonSerializer.Deserialize<JobProgress>("""{"Total":1}""")!.Failures);
    }

    private static int Status(HttpContext context) =>
        int.TryParse(context.Request.Query["StudyDescription"], CultureInfo.InvariantCulture, out var status) ? status : 200;

    private static string Search(int status, string uid = "1") =>
        CoreHost.SearchJson("studies", $$"""{"StudyInstanceUID":"1.{{uid}}","StudyDescription":"{{status}}"}""");
}
