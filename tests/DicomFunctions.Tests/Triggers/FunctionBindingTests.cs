using System.Text.Json;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using DicomFunctions.Core.Workflow;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Xunit;

namespace DicomFunctions.App.Tests.Triggers;

/// <summary>What the Functions host is told of each function: another name or route is another API.</summary>
public sealed class FunctionBindingTests
{
    private static IReadOnlyDictionary<string, FunctionMetadata> Functions => FunctionMetadata.All;

    private static IEnumerable<KeyValuePair<string, FunctionMetadata>> Requests =>
        Functions.Where(function => function.Value.TriggerType == "httpTrigger");

    [Fact]
    public void Functions_are_these()
        => Assert.Equal(
            [
                "AnnounceFailure", "BeginJob", "CancelJob", "CollectDrop", "CommitLeg", "Dashboard", "DashboardFile", "DeepHealth",
                "DeleteJob", "DropDoorbell", "DropTimer", "DropWorkflow", "EventTimer", "EventsWorkflow", "ExpandSources", "Format",
                "GetJob", "GetJobResults", "Health", "Home", "JobWorkflow", "ListJobs", "LookIntoDrop", "LookIntoOutbox", "OpenApi",
                "Overview", "PullNotifications", "Push", "RemoveOldJobs", "ResumeJob", "Retrieve", "RetryJob", "RunBatches", "Search",
                "SendEvents", "SettleDrop", "Upload", "WrongPathOrMethod",
            ],
            Functions.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Search", "post", "api/search", AuthorizationLevel.Function)]
    [InlineData("Retrieve", "post", "api/retrieve", AuthorizationLevel.Function)]
    [InlineData("Upload", "post", "api/upload", AuthorizationLevel.Function)]
    [InlineData("Format", "post", "api/format", AuthorizationLevel.Function)]
    [InlineData("Push", "post", "api/pubsub/push", AuthorizationLevel.Anonymous)]
    [InlineData("ListJobs", "get", "api/jobs", AuthorizationLevel.Function)]
    [InlineData("GetJob", "get", "api/jobs/{id}", AuthorizationLevel.Function)]
    [InlineData("GetJobResults", "get", "api/jobs/{id}/results", AuthorizationLevel.Function)]
    [InlineData("CancelJob", "post", "api/jobs/{id}/cancel", AuthorizationLevel.Function)]
    [InlineData("ResumeJob", "post", "api/jobs/{id}/resume", AuthorizationLevel.Function)]
    [InlineData("RetryJob", "post", "api/jobs/{id}/retry", AuthorizationLevel.Function)]
    [InlineData("DeleteJob", "delete", "api/jobs/{id}", AuthorizationLevel.Function)]
    [InlineData("Health", "get", "api/health", AuthorizationLevel.Anonymous)]
    [InlineData("DeepHealth", "get", "api/health/deep", AuthorizationLevel.Function)]
    [InlineData("OpenApi", "get", "api/openapi.json", AuthorizationLevel.Function)]
    [InlineData("Overview", "get", "api/overview", AuthorizationLevel.Function)]
    [InlineData("Dashboard", "get", "api/dashboard", AuthorizationLevel.Anonymous)]
    [InlineData("DashboardFile", "get", "api/dashboard/{file}", AuthorizationLevel.Anonymous)]
    [InlineData("Home", "get", "{nothing:maxlength(0)?}", AuthorizationLevel.Anonymous)]
    public void Requests_come_by_this_route(string function, string method, string route, AuthorizationLevel level)
    {
        var metadata = Functions[function];
        var trigger = metadata.Trigger;

        Assert.Equal(
            ("httpTrigger", route, $"{level}"),
            (metadata.TriggerType, trigger.GetProperty("route").GetString(), trigger.GetProperty("authLevel").GetString()));
        Assert.Equal(method == "get" ? ["get", "head"] : [method], FunctionMetadata.MethodsOf(trigger));
        Assert.Equal(typeof(HttpRequest), metadata.ParameterType(trigger));
        Assert.Equal(
            ("$return", "http", "Out"),
            metadata.Bindings.Where(binding => binding.GetProperty("direction").GetString() == "Out")
                .Select(binding => (binding.GetProperty("name").GetString(), FunctionMetadata.TypeOf(binding), "Out")).Single());
        Assert.True(metadata.Method.ReturnType == typeof(Task<IResult>) || metadata.Method.ReturnType == typeof(IResult));
        Assert.Equal(
            route.Contains("{id}", StringComparison.Ordinal), metadata.Method.GetParameters().Any(parameter => parameter.Name == "id"));
    }

    [Fact]
    public void No_two_functions_answer_one_request()
    {
        var requests = Requests.Select(
            request =>
                $"{string.Join(' ', FunctionMetadata.MethodsOf(request.Value.Trigger))} {request.Value.Trigger.GetProperty("route")}")
            .ToList();

        Assert.Equal(requests, requests.Distinct());
    }

    /// <summary>
    /// The host asks its routes in the order of their functions' names, and every route of the app lies below no prefix of the host's.
    /// </summary>
    [Fact]
    public void What_no_other_function_takes_is_asked_for_last_and_by_whatever_method()
    {
        const string Last = "WrongPathOrMethod";
        var trigger = Functions[Last].Trigger;

        Assert.Equal(("{*path}", "Function"), (trigger.GetProperty("route").GetString(), trigger.GetProperty("authLevel").GetString()));
        Assert.Empty(FunctionMetadata.MethodsOf(trigger));
        Assert.All(
            Requests.Select(request => request.Key).Where(name => name != Last),
            name => Assert.True(StringComparer.OrdinalIgnoreCase.Compare(name, Last) < 0, name));
    }

    [Theory]
    [InlineData("PullNotifications", "%PubSubSchedule%")]
    [InlineData("DropTimer", "%DropSchedule%")]
    [InlineData("RemoveOldJobs", "%RetentionSchedule%")]
    [InlineData("EventTimer", "%EventSchedule%")]
    public void Timers_go_by_this_setting(string function, string schedule)
    {
        var metadata = Functions[function];

        Assert.Equal("timerTrigger", metadata.TriggerType);
        Assert.Equal([new("schedule", schedule)], FunctionMetadata.Settings(metadata.Trigger));
        Assert.Equal(typeof(TimerInfo), metadata.ParameterType(metadata.Trigger));
    }

    [Fact]
    public void The_drop_rings_for_every_blob_below_incoming_and_reads_none()
    {
        var metadata = Functions["DropDoorbell"];

        Assert.Equal("blobTrigger", metadata.TriggerType);
        Assert.Equal([new("path", "drop/incoming/{name}"), new("source", "EventGrid")], FunctionMetadata.Settings(metadata.Trigger));
        Assert.Equal("True", metadata.Trigger.GetProperty("properties").GetProperty("supportsDeferredBinding").GetString());
        Assert.Equal(typeof(Azure.Storage.Blobs.BlobClient), metadata.ParameterType(metadata.Trigger));
    }

    [Fact]
    public void Every_workflow_of_the_catalog_is_an_orchestrator_and_no_other()
    {
        var orchestrators = Functions.Values.Where(function => function.TriggerType == "orchestrationTrigger").ToList();

        Assert.Equal(
            Catalog().Workflows.Order(StringComparer.Ordinal),
            orchestrators.Select(function => function.Name).Order(StringComparer.Ordinal));
        Assert.All(orchestrators, function =>
        {
            // Another binding, or a token, would make it differ from run to run.
            Assert.Equal(typeof(TaskOrchestrationContext), Assert.Single(function.Method.GetParameters()).ParameterType);
            Assert.Empty(FunctionMetadata.Settings(Assert.Single(function.Bindings)));
        });
    }

    [Fact]
    public void Every_activity_of_the_catalog_is_an_activity_function_and_no_other()
    {
        var activities = Functions.Values.Where(function => function.TriggerType == "activityTrigger").ToList();

        Assert.Equal(
            Catalog().Activities.Order(StringComparer.Ordinal), activities.Select(function => function.Name).Order(StringComparer.Ordinal));
        Assert.All(activities, function =>
        {
            // Those that end a job start the events workflow.
            Assert.Equal(
                function.Name is "CommitLeg" or "AnnounceFailure"
                    ? [typeof(string), typeof(DurableTaskClient), typeof(CancellationToken)]
                    : [typeof(string), typeof(CancellationToken)],
                function.Method.GetParameters().Select(parameter => parameter.ParameterType));
            Assert.Equal(typeof(Task<string>), function.Method.ReturnType);
            Assert.Equal([new("dataType", "String")], FunctionMetadata.Settings(function.Trigger));
        });
    }

    [Fact]
    public void The_host_can_index_and_call_every_function()
        => Assert.All(Functions.Values, function =>
        {
            Assert.True(function.Method.IsPublic && function.Method.DeclaringType!.IsPublic && !function.Method.DeclaringType.IsNested);
            Assert.NotEmpty(function.TriggerType);
            Assert.All(function.Method.GetParameters(), parameter =>
            {
                Assert.Matches("^[a-zA-Z][a-zA-Z0-9]{0,127}$", parameter.Name);
                var binding = function.Bindings.SingleOrDefault(binding => binding.GetProperty("name").GetString() == parameter.Name);
                var type = binding.ValueKind == JsonValueKind.Undefined ? null : FunctionMetadata.TypeOf(binding);
                Assert.Equal(parameter.ParameterType == typeof(DurableTaskClient), type == "durableClient");
                Assert.True(type != "durableClient" || FunctionMetadata.Settings(binding).Count == 0);
            });
        });

    [Fact]
    public async Task The_worker_tells_the_host_of_the_same_functions()
    {
        var told = await new GeneratedFunctionMetadataProvider().GetFunctionMetadataAsync("");

        Assert.Equal(
            Functions.Values.Select(function => (function.Name, function.Bindings.Count)).Order(),
            told.Select(function => (function.Name!, function.RawBindings!.Count)).Order());
    }

    [Fact]
    public void The_host_starts_this_worker_and_loads_these_extensions()
    {
        var description = FunctionMetadata.Generated("worker.config.json").GetProperty("description");

        Assert.Equal(
            ("dotnet-isolated", "DicomFunctions.dll", "true"),
            (
                description.GetProperty("language").GetString(),
                description.GetProperty("defaultWorkerPath").GetString(),
                description.GetProperty("workerIndexing").GetString()));
        Assert.Equal(
            ["AzureStorageBlobs", "DurableTask", "Startup"],
            FunctionMetadata.Generated("extensions.json")
                .GetProperty("extensions")
                .EnumerateArray()
                .Select(extension => extension.GetProperty("name").GetString()));
    }

    [Fact]
    public void Every_class_of_functions_can_be_made_from_the_services()
    {
        using var services = Services().AddSingleton(Mock.Of<Core.Storage.IObjectStore>()).BuildServiceProvider();

        Assert.All(
            Functions.Values.Select(function => function.Method.DeclaringType!).Distinct(),
            type => Assert.NotNull(ActivatorUtilities.CreateInstance(services, type)));
    }

    private static WorkflowCatalog Catalog() => Services().BuildServiceProvider().GetRequiredService<WorkflowCatalog>();

    private static IServiceCollection Services() => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
        .AddLogging()
        .AddDurableWorkflows()
        .AddDicomFunctions();
}
