using System.Diagnostics;
using System.Text;
using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Triggers;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Emulator;
using DicomFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.App.Tests.Workflow;

/// <summary>
/// The trace of a job on the Durable SDK, whose spans of orchestrations and activities (source <c>Microsoft.DurableTask</c>) lie between
/// the request and the system's own.
/// </summary>
public sealed class TraceTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Signals _signals = new("Microsoft.DurableTask");
    private DicomStoreEmulator _emulator = null!;

    public async Task InitializeAsync() => _emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions());

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _signals.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// In one turn: on Durable Functions a turn that follows keeps the trace, but the SDK's service in this process starts it without.
    /// </summary>
    [Fact]
    public async Task A_job_is_one_trace_from_its_request_to_the_calls_of_the_store_and_names_no_patient()
    {
        await using var services = Services();
        var catalog = services.GetRequiredService<WorkflowCatalog>();
        var orchestrators = new OrchestratorFunctions(new ServiceCollection().AddSingleton(catalog).BuildServiceProvider());
        var runner = services.GetRequiredService<ActivityRunner>();
        await using var hub = await DurableHub.StartAsync(catalog, (_, context) => orchestrators.RunJobAsync(context), runner.RunAsync);
        var jobs = services.GetRequiredService<IJobService>();
        var invocation = services.GetRequiredService<InvocationClient>();
        using var caller = _signals.BeginCaller();
        var id = await invocation.UseAsync(hub.Client, () => jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1 },
            Inputs(Search("StudyInstanceUID", Some.StudyUid), Search("NoSuchField", "DOE^JANE")),
            default));
        JobView view = null!;
        await Eventually.HoldsAsync(
            async () => (view = (await invocation.UseAsync(hub.Client, () => jobs.FindAsync(id, default)))!).Summary is not null,
            "the job ends");
        Assert.Equal((1L, 1L), (view.Summary!.Succeeded, view.Summary.Failed));
        // The spans of the last commit and of the orchestration end a moment after the summary is there.
        await Eventually.HoldsAsync(
            () => Spans().Any(span => span.OperationName == "activity CommitLeg") && IsConnected(Spans()),
            "all spans have ended, and each has its parent");

        var spans = Spans();
        Assert.Single(spans, span => span.OperationName == "orchestration:JobWorkflow");
        var calls = spans.Where(span => span.OperationName == "search").ToList();
        Assert.Equal([204, 400], calls.Select(span => span.GetTagItem("http.response.status_code")));
        Assert.All(calls, call =>
        {
            var activity = Assert.Single(spans, span => span.SpanId == call.ParentSpanId);
            Assert.Equal("activity RunBatches", activity.OperationName);
            Assert.Equal("activity:RunBatches", Assert.Single(spans, span => span.SpanId == activity.ParentSpanId).OperationName);
        });
        var text = _signals.AsText();
        Assert.All(
            [Some.StudyUid, "StudyInstanceUID", "NoSuchField", "DOE", "dicomStores"],
            secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));

        IReadOnlyList<Activity> Spans() => _signals.Of(caller.TraceId);
        bool IsConnected(IReadOnlyList<Activity> all) =>
            all.All(span => span.ParentSpanId == caller.SpanId || all.Any(other => other.SpanId == span.ParentSpanId));
    }

    private static string Search(string key, string value) =>
        $$$"""
        {"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"s","search_type":"studies","params":{"{{{key}}}":"{{{value}}}"}}
        """;

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Inputs(params string[] inputs)
    {
        await Task.CompletedTask;
        foreach (var input in inputs)
            yield return Encoding.UTF8.GetBytes(input);
    }

    private ServiceProvider Services()
    {
        var settings = new Dictionary<string, string?>
        {
            ["DicomFunctions:Authorization:Mode"] = "None",
            ["DicomFunctions:DicomWeb:BaseUrl"] = new Uri(_emulator.BaseAddress, "v1").AbsoluteUri,
        };
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton<IObjectStore>(new DirectoryObjectStore(_folder.Path))
            .AddLogging()
            .AddDurableWorkflows()
            .AddDicomFunctions()
            .BuildServiceProvider();
    }
}
