using System.Text;
using System.Text.Json;
using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Triggers;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
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

/// <summary>Instances are copied from one server to another by the function app's workflow, on the Durable SDK.</summary>
public sealed class CopyTests : IAsyncLifetime
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";
    private const int Studies = 3;
    private const int PerStudy = 20;

    private readonly TempFolder _folder = new();
    private DicomStoreEmulator _source = null!;
    private DicomStoreEmulator _target = null!;

    public async Task InitializeAsync()
    {
        _source = await DicomStoreEmulator.StartAsync(new EmulatorOptions { BearerToken = "theirs" });
        _target = await DicomStoreEmulator.StartAsync(new EmulatorOptions { BearerToken = "ours" });
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "theirs");
        foreach (var (study, instance) in Instances())
        {
            using var content = new ByteArrayContent(Some.DicomFile(study, study + ".1", instance));
            content.Headers.ContentType = new("application/dicom");
            using var answer = await http.PostAsync(new Uri(_source.BaseAddress, $"v1/{Store}/dicomWeb/studies"), content);
            answer.EnsureSuccessStatusCode();
        }
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_instance_has_its_record_whatever_dies_while_sources_are_expanded_and_copied()
    {
        await using var services = Services();
        var catalog = services.GetRequiredService<WorkflowCatalog>();
        var orchestrators = new OrchestratorFunctions(new ServiceCollection().AddSingleton(catalog).BuildServiceProvider());
        var runner = services.GetRequiredService<ActivityRunner>();
        var ran = 0;
        var names = new HashSet<string>();
        await using var hub = await DurableHub.StartAsync(
            catalog,
            (_, context) => orchestrators.RunJobAsync(context),
            (name, input, cancellationToken) =>
            {
                Interlocked.Increment(ref ran);
                lock (names)
                    names.Add(name);
                return runner.RunAsync(name, input, cancellationToken);
            });
        var jobs = services.GetRequiredService<IJobService>();
        var invocation = services.GetRequiredService<InvocationClient>();
        var submission = new JobSubmission { Kind = JobKind.Upload, Destination = Store, MaxWorkers = 2 };
        var inputs = new[] { "\"dicomweb:PACS/studies\"", "\"dicomweb:PACS/studies/9.9\"" };
        var id = await invocation.UseAsync(
            hub.Client,
            () => jobs.SubmitAsync(
                submission, inputs.Select(input => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(input)).ToAsyncEnumerable(), default));
        JobView view = null!;
        var (seen, deaths) = (0, 0);
        await Eventually.HoldsAsync(
            async () =>
            {
                if (ran >= seen + 2 && deaths < 6)
                {
                    seen = ran;
                    deaths++;
                    await hub.RestartAsync();
                }

                view = (await invocation.UseAsync(hub.Client, () => jobs.FindAsync(id, default)))!;
                return view.Summary is not null || view.State == JobStatus.Failed;
            },
            "the job ends");
        Assert.Equal((JobStatus.Completed, 60L, 1L), (view.State, view.Summary!.Succeeded, view.Summary.Failed));
        Assert.Contains("ExpandSources", names);
        Assert.InRange(deaths, 3, 6);
        using var copy = new MemoryStream();
        await jobs.CopyResultsAsync(id, new RecordFilter { Success = true }, asArray: false, copy, default);
        Assert.Equal(
            Instances().Select(one => $"dicomweb:PACS/studies/{one.Study}/series/{one.Study}.1/instances/{one.Instance}").Order(),
            Encoding.UTF8.GetString(copy.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonElement.Parse(line).GetProperty("source").GetString()!).Order());
        Assert.Equal(Studies * PerStudy, _target.Statistics.ForStore(Store).Stored);
    }

    private static IEnumerable<(string Study, string Instance)> Instances() =>
        from study in Enumerable.Range(1, Studies)
        from instance in Enumerable.Range(0, PerStudy)
        select ($"2.25.{study}", $"2.25.{study}.1.{instance}");

    private ServiceProvider Services()
    {
        var settings = new Dictionary<string, string?>
        {
            ["DicomFunctions:Authorization:Mode"] = "Bearer",
            ["DicomFunctions:Authorization:BearerToken"] = "ours",
            ["DicomFunctions:DicomWeb:BaseUrl"] = new Uri(_target.BaseAddress, "v1").AbsoluteUri,
            ["DicomFunctions:Sources:DicomWeb:PACS:Url"] = new Uri(_source.BaseAddress, $"v1/{Store}/dicomWeb").AbsoluteUri,
            ["DicomFunctions:Sources:DicomWeb:PACS:BearerToken"] = "theirs",
            // A page, and a batch, is a run.
            ["DicomFunctions:Jobs:ActivityTime"] = "00:00:00",
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
