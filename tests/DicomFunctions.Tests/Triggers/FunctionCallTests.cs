using System.Text;
using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Triggers;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Moq;
using Xunit;

namespace DicomFunctions.App.Tests.Triggers;

/// <summary>Functions called as the worker calls them, over Core, a folder and the Durable SDK.</summary>
public sealed class FunctionCallTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly EventReceiver _receiver;
    private readonly ServiceProvider _services;
    private DurableHub _hub = null!;

    public FunctionCallTests()
    {
        var settings = new Dictionary<string, string?>
        {
            ["DicomFunctions:Authorization:Mode"] = "None",
            ["DicomFunctions:Drop:Destination"] = "projects/p/locations/l/datasets/d/dicomStores/s",
            ["DicomFunctions:Drop:SettleTime"] = "00:00:00",
        };
        _receiver = EventReceiver.StartAsync().GetAwaiter().GetResult();
        settings["DicomFunctions:Events:Url"] = _receiver.Url;
        settings["DicomFunctions:Events:Secret"] = EventReceiver.Secret;
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton<IObjectStore>(new DirectoryObjectStore(_folder.Path))
            .AddLogging()
            .AddDurableWorkflows()
            .AddDicomFunctions()
            .BuildServiceProvider();
    }

    private DurableTaskClient Client => _hub.Client;

    public async Task InitializeAsync()
    {
        var orchestrators = Function<OrchestratorFunctions>();
        _hub = await DurableHub.StartAsync(
            _services.GetRequiredService<WorkflowCatalog>(),
            (name, context) => name switch
            {
                "JobWorkflow" => orchestrators.RunJobAsync(context),
                "EventsWorkflow" => orchestrators.RunEventsAsync(context),
                _ => orchestrators.RunDropAsync(context),
            },
            RunActivityAsync);
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _services.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Health_asks_the_engine_and_deep_sends_on_to_the_function_that_wants_a_key()
    {
        var about = Function<AboutFunctions>();
        var request = Request("GET", "/api/health");

        var (status, body) = await ExecuteAsync(await about.HealthAsync(request, Client).InTime(), request);
        Assert.Equal(200, status);
        Assert.Equal("ok", System.Text.Json.Nodes.JsonNode.Parse(body)!["checks"]!["engine"]!.GetValue<string>());

        var deep = Request("GET", "/api/health", "?deep");
        Assert.Equal(307, (await ExecuteAsync(await about.HealthAsync(deep, Client).InTime(), deep)).Status);
    }

    [Fact]
    public async Task A_search_is_a_job_that_the_other_functions_know()
    {
        var request = Request("POST", "/api/search", "?wait=60");
        request.ContentType = "application/json";
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes("{}"));

        var (status, body) = await ExecuteAsync(await Function<SubmitFunctions>().SearchAsync(request, Client).InTime(), request);
        var jobs = Function<JobFunctions>();
        var (listed, list) = await ExecuteAsync(await jobs.ListAsync(Request("GET", "/api/jobs"), Client), request);
        var id = System.Text.Json.Nodes.JsonNode.Parse(list)!["jobs"]![0]!["id"]!.GetValue<string>();
        var (found, job) = await ExecuteAsync(await jobs.GetAsync(Request("GET", "/api/jobs/" + id), Client, id), request);
        var (_, results) = await ExecuteAsync(await jobs.ResultsAsync(Request("GET", $"/api/jobs/{id}/results"), Client, id), request);
        var (cancelled, _) = await ExecuteAsync(await jobs.CancelAsync(Request("POST", $"/api/jobs/{id}/cancel"), Client, id), request);
        var (deleted, _) = await ExecuteAsync(await jobs.DeleteAsync(Request("DELETE", "/api/jobs/" + id), Client, id), request);

        Assert.Equal((200, 200, 200, 409, 204), (status, listed, found, cancelled, deleted));
        Assert.Contains("\"success\":false", body, StringComparison.Ordinal);
        Assert.Equal(body, results);
        Assert.Contains("\"state\":\"completed\"", job, StringComparison.Ordinal);
        Assert.Null(await Client.GetInstanceAsync(id));
    }

    [Theory]
    [InlineData(0)] // Before it is asked.
    [InlineData(2)] // When it is told.
    public async Task A_search_whose_engine_is_out_of_reach_is_503_and_leaves_nothing_or_names_its_job(int answers)
    {
        var client = new Mock<DurableTaskClient>("hub");
        var asked = 0;
        client.Setup(it => it.GetInstancesAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .Returns(() => asked++ < answers ? Task.FromResult<OrchestrationMetadata?>(null) : throw OutOfReach());
        client.Setup(it => it.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(OutOfReach());
        var request = Request("POST", "/api/search");
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes("{}"));

        var (status, body) = await ExecuteAsync(await Function<SubmitFunctions>().SearchAsync(request, client.Object), request);

        Assert.Equal(503, status);
        var id = (string?)System.Text.Json.Nodes.JsonNode.Parse(body)!["job_id"];
        var files = await _services.GetRequiredService<IObjectStore>()
            .ListAsync("jobs/", CancellationToken.None)
            .Select(file => file.Name)
            .ToListAsync();
        if (answers == 0)
        {
            Assert.Null(id);
            Assert.Empty(files);
            return;
        }

        Assert.Equal($"/api/jobs/{id}", request.HttpContext.Response.Headers.Location);
        var (_, job) = await ExecuteAsync(await Function<JobFunctions>().GetAsync(Request("GET", "/api/jobs/" + id), Client, id!), request);
        Assert.Contains("\"state\":\"interrupted\"", job, StringComparison.Ordinal);

        static RpcException OutOfReach() => new(new Status(StatusCode.Unavailable, ""));
    }

    [Fact]
    public async Task A_file_that_is_no_dicom_is_dropped_and_moved_away()
    {
        var store = _services.GetRequiredService<IObjectStore>();
        using (var content = new MemoryStream("no DICOM"u8.ToArray()))
            await store.PutAsync("drop/incoming/a.dcm", content, PutCondition.Always, CancellationToken.None);

        await Function<DropFunctions>().DropTimerAsync(new TimerInfo(), Client, CancellationToken.None);
        await Eventually.HoldsAsync(
            async () => (await Client.GetInstanceAsync("drop"))?.RuntimeStatus
                == OrchestrationRuntimeStatus.Completed, "the drop is worked");

        Assert.Null(await store.GetPropertiesAsync("drop/incoming/a.dcm", CancellationToken.None));
        Assert.NotNull(await store.GetPropertiesAsync("drop/failed/a.dcm", CancellationToken.None));
    }

    [Fact]
    public async Task The_end_of_a_job_is_told_by_the_functions_that_end_it()
    {
        var request = Request("POST", "/api/search", "?wait=60");
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes("{}"));
        Assert.Equal(200, (await ExecuteAsync(await Function<SubmitFunctions>().SearchAsync(request, Client).InTime(), request)).Status);

        await Eventually.HoldsAsync(() => !_receiver.Events.IsEmpty, "the event is received");

        Assert.Equal("dicomfunctions.job.completed", (string?)Assert.Single(_receiver.Events)["type"]);
        Assert.Empty(_receiver.Refused);
    }

    [Fact]
    public async Task The_event_timer_sends_what_was_left_behind_and_else_starts_nothing()
    {
        await Function<EventFunctions>().EventTimerAsync(new TimerInfo(), Client, CancellationToken.None);
        Assert.Null(await Client.GetInstanceAsync("events"));
        using (var content = new MemoryStream("{\"id\":\"20261122-081653-k3f9x2-failed-0\"}"u8.ToArray()))
        {
            await _services.GetRequiredService<IObjectStore>().PutAsync(
                "outbox/20261122-081653-k3f9x2-failed-0.json", content, PutCondition.Always, CancellationToken.None);
        }

        await Function<EventFunctions>().EventTimerAsync(new TimerInfo(), Client, CancellationToken.None);

        await Eventually.HoldsAsync(() => !_receiver.Events.IsEmpty, "the event is received");
        Assert.Equal(["20261122-081653-k3f9x2-failed-0"], _receiver.Ids);
    }

    [Fact]
    public async Task Without_a_subscription_nothing_is_pulled()
    {
        var pump = new Mock<INotificationPump>(MockBehavior.Strict);
        var functions = Notifications(pump.Object, new NotificationOptions());

        await functions.PullNotificationsAsync(new TimerInfo(), Client, CancellationToken.None);

        pump.VerifyNoOtherCalls();
    }

    [Fact]
    public async Task With_a_subscription_the_pump_runs_once_with_the_invocations_client()
    {
        DurableTaskClient? seen = null;
        var invocation = _services.GetRequiredService<InvocationClient>();
        var pump = new Mock<INotificationPump>();
        pump.Setup(it => it.RunAsync(It.IsAny<CancellationToken>())).Callback(() => seen = invocation.Current).ReturnsAsync(3);
        var functions = Notifications(pump.Object, new NotificationOptions { Subscription = "projects/p/subscriptions/sub" });

        await functions.PullNotificationsAsync(new TimerInfo(), Client, CancellationToken.None);

        pump.Verify(it => it.RunAsync(It.IsAny<CancellationToken>()), Times.Once);
        Assert.Same(Client, seen);
        Assert.Throws<InvalidOperationException>(() => invocation.Current);
    }

    [Fact]
    public async Task The_retention_timer_leaves_what_is_young()
    {
        var jobs = _services.GetRequiredService<IJobService>();
        var invocation = _services.GetRequiredService<InvocationClient>();
        var id = await invocation.UseAsync(
            Client, () => jobs.SubmitAsync(
                new JobSubmission { Kind = JobKind.Search }, AsyncEnumerable.Empty<ReadOnlyMemory<byte>>(), CancellationToken.None));
        await invocation.UseAsync(Client, () => jobs.WaitAsync(id, CancellationToken.None).InTime());

        await Function<RetentionFunctions>().RemoveOldJobsAsync(new TimerInfo(), Client, CancellationToken.None);

        Assert.NotNull(await invocation.UseAsync(Client, () => jobs.FindAsync(id, CancellationToken.None)));
    }

    private Task<string> RunActivityAsync(string name, string input, CancellationToken cancellationToken)
    {
        var functions = Function<ActivityFunctions>();
        return name switch
        {
            "CommitLeg" => functions.CommitLegAsync(input, Client, cancellationToken),
            "AnnounceFailure" => functions.AnnounceFailureAsync(input, Client, cancellationToken),
            _ => _services.GetRequiredService<ActivityRunner>().RunAsync(name, input, cancellationToken),
        };
    }

    private T Function<T>() => ActivatorUtilities.CreateInstance<T>(_services);

    private HttpRequest Request(string method, string path, string query = "")
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.QueryString = new QueryString(query);
        return context.Request;
    }

    private NotificationFunctions Notifications(INotificationPump pump, NotificationOptions options)
    {
        var services = new ServiceCollection()
            .AddSingleton(pump)
            .AddSingleton(Options.Create(options))
            .AddSingleton(_services.GetRequiredService<PushApi>())
            .BuildServiceProvider();
        return new NotificationFunctions(services, _services.GetRequiredService<InvocationClient>());
    }

    private static async Task<(int Status, string Body)> ExecuteAsync(IResult result, HttpRequest request)
    {
        var context = new DefaultHttpContext { RequestServices = request.HttpContext.RequestServices };
        using var body = new MemoryStream();
        context.Response.Body = body;
        await result.ExecuteAsync(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }
}
