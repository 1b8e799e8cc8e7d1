using System.Text.Json;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Expansion;

public sealed class SourceExpansionTests : IAsyncLifetime
{
    private static readonly JobSubmission Upload = new() { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString() };

    private readonly PagedSource _source = new(pages: 3, perPage: 4);
    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync(("Jobs:ActivityTime", "00:00:00"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Pages_are_runs_and_every_source_is_an_input_in_order()
    {
        var id = await _host.RunJobAsync(Upload, "\"paged:a/*\"", "\"paged:one\"", "\"drop/none/*\"", "\"paged:b/*\"");
        Assert.Equal([.. _source.Names("paged:a/*"), "paged:one", "drop/none/*", .. _source.Names("paged:b/*")], await SourcesAsync(id));
        var records = await _host.RecordsAsync(id);
        Assert.Equal("no_match", (string?)records[13]["error"]!["code"]);
        // Three pages, a name, no match, three pages, of which the first is BeginJob's; one more finds nothing left, and one commits.
        Assert.Equal(9, _host.Engine.Executions.Count(name => name == "ExpandSources"));
        Assert.Equal(26, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.Summary!.Inputs);
    }

    [Fact]
    public async Task Patterns_that_a_pattern_finds_are_expanded_after_everything_else()
    {
        var id = await _host.RunJobAsync(Upload, "\"paged:a/**\"", "\"paged:one\"", "\"paged:b/**\"");
        Assert.Equal(["paged:one", .. _source.Names("paged:a/**"), .. _source.Names("paged:b/**")], await SourcesAsync(id));
    }

    [Fact]
    public async Task In_one_run_the_same_inputs_come_of_one_activity()
    {
        await using var host = await StartAsync();
        var id = await host.RunJobAsync(Upload, "\"paged:a/**\"", "\"paged:one\"");
        Assert.Equal(
            ["paged:one", .. _source.Names("paged:a/**")],
            (await host.RecordsAsync(id)).Select(record => (string)record["source"]!));
        Assert.DoesNotContain("ExpandSources", host.Engine.Executions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Activities_that_run_more_than_once_do_no_harm(int seed)
    {
        var random = new Random(seed);
        var id = await DraftAsync("\"paged:a/*\"", "\"paged:b/**\"", "\"paged:one\"");
        var plan = await TwiceAsync(JobActivities.Begin, id, random);
        var runs = 1;
        for (; plan.Expansion is { } point; runs++)
            plan = await TwiceAsync(JobActivities.Expand, new ExpandRequest { JobId = id, After = point }, random);
        string[] expected = [.. _source.Names("paged:a/*"), "paged:one", .. _source.Names("paged:b/**")];
        Assert.Equal(expected.Length, plan.Inputs);
        var lines = await _host.ReadTextAsync(new JobFiles(id).Input);
        Assert.Equal(expected.Select(name => $"\"{name}\""), lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(8 * (expected.Length + 1), (await _host.Objects.GetPropertiesAsync(new JobFiles(id).InputIndex, default))!.Length);
        // What a run continues is removed by the one after it; only outputs that the engine did not use are left.
        var cursors = await _host.ListAsync(new JobFiles(id).Prefix + "expansion/");
        Assert.InRange(cursors.Count(name => name.EndsWith(".json", StringComparison.Ordinal)), 1, runs + 1);
    }

    [Fact]
    public async Task A_host_that_stops_hands_on_what_it_has_done()
    {
        await using var host = await StartAsync();
        using var stop = new CancellationTokenSource();
        _source.BeforePage = (page, _) => page == 3 ? stop.CancelAsync() : Task.CompletedTask;
        var id = await DraftAsync(host, "\"paged:a/*\"");
        var plan = await RunAsync(host, JobActivities.Begin, id, stop.Token);
        Assert.Equal(8, plan.Inputs);
        plan = await RunAsync(host, JobActivities.Expand, new ExpandRequest { JobId = id, After = plan.Expansion! }, default);
        plan = await RunAsync(host, JobActivities.Expand, new ExpandRequest { JobId = id, After = plan.Expansion! }, default);
        Assert.Null(plan.Expansion);
        Assert.Equal(12, plan.Inputs);
        var lines = await host.ReadTextAsync(new JobFiles(id).Input);
        Assert.Equal(_source.Names("paged:a/*").Select(name => $"\"{name}\""), lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Cancel_ends_the_expansion_and_neither_what_was_found_nor_what_was_not_is_lost()
    {
        var isHeldUp = new TaskCompletionSource();
        _source.BeforePage = async (page, cancellationToken) =>
        {
            if (page != 3)
                return;
            isHeldUp.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        string[] inputs = ["\"paged:a/*\"", "\"paged:b/**\"", "\"paged:one\""];
        var id = await _host.Jobs.SubmitAsync(Upload, CoreHost.Lines(inputs), CancellationToken.None);
        await isHeldUp.Task.InTime();
        Assert.Equal(JobActionResult.Done, await _host.Jobs.CancelAsync(id, CancellationToken.None));
        var view = (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
        // Two pages, and the three as they were given: the first may have more.
        Assert.Equal((JobStatus.Cancelled, 11L, 11L), (view.State, view.Summary!.Inputs, view.Summary.NotAttempted));

        _source.BeforePage = (_, _) => Task.CompletedTask;
        var retry = (await _host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).NewId!;
        await _host.Jobs.WaitAsync(retry, CancellationToken.None).InTime();
        var first = _source.Names("paged:a/*").ToList();
        Assert.Equal([.. first.Take(8), .. first, "paged:one", .. _source.Names("paged:b/**")], await SourcesAsync(retry));
    }

    [Fact]
    public async Task A_pattern_of_too_many_sources_says_so_and_the_first_are_uploaded()
    {
        await using var host = await StartAsync(("Jobs:MaxInputs", "10"));
        var records = await host.RecordsAsync(await host.RunJobAsync(Upload, "\"paged:a/*\"", "\"paged:one\""));
        Assert.Equal([.. _source.Names("paged:a/*").Take(11)], records.Select(record => (string)record["source"]!));
        Assert.Equal(FailureCode.TooMany, (string?)records[10]["error"]!["code"]);
    }

    [Fact]
    public async Task Files_in_base64_keep_names_of_their_own_over_all_runs()
    {
        var files = Enumerable.Range(0, 3).Select(i => Some.DicomFile(instance: $"1.2.{i}")).ToList();
        var id = await _host.RunJobAsync(Upload with { IsBase64 = true }, files.Select(file => $"\"{Convert.ToBase64String(file)}\""));
        Assert.All(await _host.RecordsAsync(id), record => Assert.True((bool)record["success"]!));
        Assert.Equal(["1.2.0", "1.2.1", "1.2.2"], _host.Server.Stored.Keys.Order());
    }

    [Fact]
    public async Task A_store_that_fails_for_a_moment_costs_a_run_and_no_source()
    {
        var writes = 0;
        _host.Objects.Fault = (member, name) =>
            name.Contains("/expansion/", StringComparison.Ordinal) && member == "PutAsync" && ++writes % 2 == 1
                ? new Core.Storage.ObjectStoreException("The disk is busy.")
                : null;
        var id = await _host.RunJobAsync(Upload, "\"paged:a/*\"", "\"paged:b/*\"");
        Assert.Equal([.. _source.Names("paged:a/*"), .. _source.Names("paged:b/*")], await SourcesAsync(id));
        Assert.True(writes > 8);
    }

    private Task<CoreHost> StartAsync(params (string Key, string Value)[] settings) =>
        CoreHost.StartAsync(configure: services => services.AddSingleton<ISourceProvider>(_source), settings: settings);

    private async Task<IEnumerable<string>> SourcesAsync(string id) =>
        (await _host.RecordsAsync(id)).Select(record => (string)record["source"]!);

    private Task<string> DraftAsync(params IEnumerable<string> inputs) => DraftAsync(_host, inputs);

    /// <summary>A job that was accepted and that no engine runs.</summary>
    private static async Task<string> DraftAsync(CoreHost host, params IEnumerable<string> inputs)
    {
        host.Engine.OnStart = () => throw new InvalidOperationException("This engine is told nothing.");
        var seen = new HashSet<string>();
        host.Objects.AfterPut = name =>
        {
            if (name.EndsWith("/job.json", StringComparison.Ordinal))
                seen.Add(name.Split('/')[2]);
            return Task.CompletedTask;
        };
        // The first look at the engine is before the job exists.
        var looks = 0;
        host.Engine.OnGet = () => ++looks == 1 ? Task.CompletedTask : throw new InvalidOperationException("This engine tells nothing.");
        await Assert.ThrowsAsync<JobNotStartedException>(
            () => host.Jobs.SubmitAsync(Upload, CoreHost.Lines(inputs), CancellationToken.None));
        host.Engine.OnGet = null;
        return Assert.Single(seen);
    }

    private async Task<JobPlan> TwiceAsync<TIn>(ActivityRef<TIn, JobPlan> activity, TIn input, Random random)
    {
        var plans = new[] { await RunAsync(_host, activity, input, default), await RunAsync(_host, activity, input, default) };
        Assert.Equal(plans[0] with { Expansion = null }, plans[1] with { Expansion = null });
        return plans[random.Next(2)];
    }

    private static async Task<JobPlan> RunAsync<TIn>(
        CoreHost host, ActivityRef<TIn, JobPlan> activity, TIn input, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize(
            await host.Services.GetRequiredService<WorkflowCatalog>().RunActivityAsync(
                activity.Name, JsonSerializer.Serialize(input, activity.Input), cancellationToken),
            activity.Output)!;
}
