using System.Reflection;
using DicomFunctions.App.Triggers;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using DicomFunctions.Core.Workflow;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
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
    private static readonly Dictionary<string, MethodInfo> Functions = typeof(SubmitFunctions).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => method.IsDefined(typeof(FunctionAttribute)))
        .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

    [Fact]
    public void Functions_are_these()
        => Assert.Equal(
            [
                "BeginJob", "CancelJob", "CollectDrop", "CommitLeg", "Dashboard", "DeepHealth", "DeleteJob", "DropDoorbell", "DropTimer", "DropWorkflow", "Format", "GetJob",
                "GetJobResults", "Health", "JobWorkflow", "ListJobs", "LookIntoDrop", "OpenApi", "PullNotifications", "Push",
                "RemoveOldJobs", "ResumeJob", "RetryJob", "RunBatches", "Search", "SettleDrop", "Upload",
            ],
            Functions.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Search", "post", "search", AuthorizationLevel.Function)]
    [InlineData("Upload", "post", "upload", AuthorizationLevel.Function)]
    [InlineData("Format", "post", "format", AuthorizationLevel.Function)]
    [InlineData("Push", "post", "pubsub/push", AuthorizationLevel.Anonymous)]
    [InlineData("ListJobs", "get", "jobs", AuthorizationLevel.Function)]
    [InlineData("GetJob", "get", "jobs/{id}", AuthorizationLevel.Function)]
    [InlineData("GetJobResults", "get", "jobs/{id}/results", AuthorizationLevel.Function)]
    [InlineData("CancelJob", "post", "jobs/{id}/cancel", AuthorizationLevel.Function)]
    [InlineData("ResumeJob", "post", "jobs/{id}/resume", AuthorizationLevel.Function)]
    [InlineData("RetryJob", "post", "jobs/{id}/retry", AuthorizationLevel.Function)]
    [InlineData("DeleteJob", "delete", "jobs/{id}", AuthorizationLevel.Function)]
    [InlineData("Health", "get", "health", AuthorizationLevel.Anonymous)]
    [InlineData("DeepHealth", "get", "health/deep", AuthorizationLevel.Function)]
    [InlineData("OpenApi", "get", "openapi.json", AuthorizationLevel.Function)]
    [InlineData("Dashboard", "get", "dashboard", AuthorizationLevel.Function)]
    public void Requests_come_by_this_route(string function, string method, string route, AuthorizationLevel level)
    {
        var (trigger, type) = Trigger<HttpTriggerAttribute>(function);

        Assert.Equal((route, level), (trigger.Route, trigger.AuthLevel));
        Assert.Equal([method], trigger.Methods!);
        Assert.Equal(typeof(HttpRequest), type);
        Assert.True(Functions[function].ReturnType == typeof(Task<IResult>) || Functions[function].ReturnType == typeof(IResult));
        Assert.Equal(
            route.Contains("{id}", StringComparison.Ordinal), Functions[function].GetParameters().Any(parameter => parameter.Name == "id"));
    }

    [Fact]
    public void No_two_functions_answer_one_request()
        => Assert.Equal(
            Functions.Keys.Count(name => Of<HttpTriggerAttribute>(name) is not null),
            Functions.Keys.Select(Of<HttpTriggerAttribute>).OfType<HttpTriggerAttribute>()
                .Select(trigger => $"{trigger.Methods!.Single()} {trigger.Route}").Distinct().Count());

    [Theory]
    [InlineData("PullNotifications", "%PubSubSchedule%")]
    [InlineData("DropTimer", "%DropSchedule%")]
    [InlineData("RemoveOldJobs", "%RetentionSchedule%")]
    public void Timers_go_by_this_setting(string function, string schedule)
    {
        var (trigger, type) = Trigger<TimerTriggerAttribute>(function);

        Assert.Equal((schedule, false), (trigger.Schedule, trigger.RunOnStartup));
        Assert.Equal(typeof(TimerInfo), type);
    }

    [Fact]
    public void The_drop_rings_for_every_blob_below_incoming_and_reads_none()
    {
        var (trigger, type) = Trigger<BlobTriggerAttribute>("DropDoorbell");

        Assert.Equal(("drop/incoming/{name}", BlobTriggerSource.EventGrid, null), (trigger.BlobPath, trigger.Source, trigger.Connection));
        Assert.Equal(typeof(Azure.Storage.Blobs.BlobClient), type);
    }

    [Fact]
    public void Every_workflow_of_the_catalog_is_an_orchestrator_and_no_other()
    {
        var orchestrators = Functions.Keys.Where(name => Of<OrchestrationTriggerAttribute>(name) is not null).ToList();

        Assert.Equal(Catalog().Workflows.Order(StringComparer.Ordinal), orchestrators.Order(StringComparer.Ordinal));
        Assert.All(orchestrators, name =>
        {
            // Another binding, or a token, would make it differ from run to run.
            var parameter = Assert.Single(Functions[name].GetParameters());
            Assert.Equal(typeof(TaskOrchestrationContext), parameter.ParameterType);
            Assert.Null(Of<OrchestrationTriggerAttribute>(name)!.Orchestration);
        });
    }

    [Fact]
    public void Every_activity_of_the_catalog_is_an_activity_function_and_no_other()
    {
        var activities = Functions.Keys.Where(name => Of<ActivityTriggerAttribute>(name) is not null).ToList();

        Assert.Equal(Catalog().Activities.Order(StringComparer.Ordinal), activities.Order(StringComparer.Ordinal));
        Assert.All(activities, name =>
        {
            Assert.Equal([typeof(string), typeof(CancellationToken)], Functions[name].GetParameters().Select(parameter => parameter.ParameterType));
            Assert.Equal(typeof(Task<string>), Functions[name].ReturnType);
            Assert.Null(Of<ActivityTriggerAttribute>(name)!.Activity);
        });
    }

    [Fact]
    public void The_host_can_index_and_call_every_function()
        => Assert.All(Functions.Values, method =>
        {
            Assert.True(method.IsPublic && method.DeclaringType!.IsPublic && !method.DeclaringType.IsNested);
            Assert.Single(method.GetParameters(), parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>().Any());
            Assert.All(method.GetParameters(), parameter =>
            {
                Assert.Matches("^[a-zA-Z][a-zA-Z0-9]{0,127}$", parameter.Name);
                Assert.Equal(parameter.ParameterType == typeof(DurableTaskClient), parameter.IsDefined(typeof(DurableClientAttribute)));
                Assert.True(
                    parameter.GetCustomAttributes<BindingAttribute>().Count() <= 1 && parameter.GetCustomAttribute<DurableClientAttribute>()?.TaskHub is null);
            });
        });

    [Fact]
    public void Every_class_of_functions_can_be_made_from_the_services()
    {
        using var services = Services().AddSingleton(Mock.Of<Core.Storage.IObjectStore>()).BuildServiceProvider();

        Assert.All(
            Functions.Values.Select(method => method.DeclaringType!).Distinct(),
            type => Assert.NotNull(ActivatorUtilities.CreateInstance(services, type)));
    }

    private static WorkflowCatalog Catalog() => Services().BuildServiceProvider().GetRequiredService<WorkflowCatalog>();

    private static IServiceCollection Services() => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
        .AddLogging()
        .AddDurableWorkflows()
        .AddDicomFunctions();

    private static T? Of<T>(string function)
        where T : Attribute
        => Functions[function].GetParameters().Select(parameter => parameter.GetCustomAttribute<T>()).SingleOrDefault(found => found is not null);

    private static (T Trigger, Type Type) Trigger<T>(string function)
        where T : Attribute
    {
        var parameter = Assert.Single(Functions[function].GetParameters(), parameter => parameter.IsDefined(typeof(T)));
        return (parameter.GetCustomAttribute<T>()!, parameter.ParameterType);
    }
}
