using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing.Workflow;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using Xunit;

namespace DicomFunctions.App.Tests.Workflow;

/// <summary>What the client and the host may say beside what the conformance suite makes them say.</summary>
public sealed class DurableWorkflowEngineTests
{
    private readonly InvocationClient _invocation = new();
    private readonly Mock<DurableTaskClient> _client = new("hub");

    private DurableWorkflowEngine Engine => new(_invocation, TimeProvider.System);

    [Fact]
    public async Task StartAsync_no_instance_schedules_under_that_id_with_its_state()
    {
        string? input = null;
        Found(null);
        Scheduling()
            .Callback((TaskName _, object? given, StartOrchestrationOptions? _, CancellationToken _) => input = (string?)given)
            .ReturnsAsync("a");

        Assert.True(await StartAsync("the state"));
        Assert.Equal("""{"state":"the state"}""", input);
        _client.Verify(it => it.ScheduleNewOrchestrationInstanceAsync(
            new TaskName("Test"), It.IsAny<object?>(), It.Is<StartOrchestrationOptions?>(options => options!.InstanceId == "a"),
            It.IsAny<CancellationToken>()));
    }

    [Fact]
    public async Task StartAsync_is_false_when_another_came_first()
    {
        _client.SetupSequence(it => it.GetInstancesAsync("a", true, It.IsAny<CancellationToken>()))
            .ReturnsAsync((OrchestrationMetadata?)null)
            .ReturnsAsync(Metadata(OrchestrationRuntimeStatus.Pending));
        Scheduling().ThrowsAsync(new RpcException(new Status(StatusCode.AlreadyExists, "")));

        Assert.False(await StartAsync());
    }

    [Fact]
    public async Task StartAsync_of_a_host_out_of_reach_is_broken_infrastructure()
    {
        Found(null);
        Scheduling().ThrowsAsync(new RpcException(new Status(StatusCode.Unavailable, "")));

        await Assert.ThrowsAsync<ObjectStoreException>(() => StartAsync());
    }

    [Fact]
    public async Task GetAsync_of_a_host_out_of_reach_is_broken_infrastructure()
    {
        _client.Setup(it => it.GetInstancesAsync("a", true, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new RpcException(new Status(StatusCode.Internal, "")));

        await Assert.ThrowsAsync<ObjectStoreException>(GetAsync);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending, WorkflowState.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Running, WorkflowState.Running)]
    [InlineData(OrchestrationRuntimeStatus.Suspended, WorkflowState.Running)]
    [InlineData(OrchestrationRuntimeStatus.Completed, WorkflowState.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed, WorkflowState.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, WorkflowState.Terminated)]
#pragma warning disable CS0618 // Both may still come from a storage provider.
    [InlineData(OrchestrationRuntimeStatus.ContinuedAsNew, WorkflowState.Running)]
    [InlineData(OrchestrationRuntimeStatus.Canceled, WorkflowState.Terminated)]
#pragma warning restore CS0618
    public async Task GetAsync_every_status_has_its_state(OrchestrationRuntimeStatus status, object expected)
    {
        Found(Metadata(status));

        Assert.Equal(expected, (await GetAsync())!.State);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("\"not ours\"")]
    [InlineData("{ broken")]
    public async Task GetAsync_custom_status_that_is_no_progress_has_none(string? customStatus)
    {
        Found(Metadata(OrchestrationRuntimeStatus.Running, customStatus));

        Assert.Null((await GetAsync())!.Progress);
    }

    [Fact]
    public async Task GetAsync_custom_status_is_the_progress()
    {
        Found(Metadata(OrchestrationRuntimeStatus.Running, """{"total":9,"succeeded":3,"failed":2,"not_attempted":1,"done":6}"""));

        Assert.Equal(new JobProgress { Total = 9, Succeeded = 3, Failed = 2, NotAttempted = 1 }, (await GetAsync())!.Progress);
    }

    [Theory]
    [InlineData("too late")]
    [InlineData("\"too late\"")]
    [InlineData("\"\\\"too late\\\"\"")]
    public async Task GetAsync_terminated_tells_the_reason_however_often_it_was_quoted(string output)
    {
        Found(new OrchestrationMetadata("Test", "a") { RuntimeStatus = OrchestrationRuntimeStatus.Terminated, SerializedOutput = output });

        Assert.Equal("too late", (await GetAsync())!.Failure);
    }

    [Fact]
    public async Task TerminateAsync_is_false_when_it_ended_meanwhile()
    {
        Found(Metadata(OrchestrationRuntimeStatus.Running));
        _client.Setup(it => it.TerminateInstanceAsync("a", It.IsAny<TerminateInstanceOptions?>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new RpcException(new Status(StatusCode.FailedPrecondition, "")));

        Assert.False(await _invocation.UseAsync(_client.Object, () => Engine.TerminateAsync("a", "why", CancellationToken.None)));
    }

    [Fact]
    public async Task PurgeAsync_under_way_is_not_asked_of_the_host()
    {
        Found(Metadata(OrchestrationRuntimeStatus.Suspended));

        Assert.False(await _invocation.UseAsync(_client.Object, () => Engine.PurgeAsync("a", CancellationToken.None)));
        _client.Verify(
            it => it.PurgeInstanceAsync(It.IsAny<string>(), It.IsAny<PurgeInstanceOptions?>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task Invocations_side_by_side_have_each_their_own_client()
    {
        var other = new Mock<DurableTaskClient>("other");
        var both = new Barrier(2);

        var seen = await Task.WhenAll(SeenAsync(_client.Object), SeenAsync(other.Object));

        Assert.Equal([_client.Object, other.Object], seen);
        Assert.Throws<InvalidOperationException>(() => _invocation.Current);

        Task<DurableTaskClient> SeenAsync(DurableTaskClient client) => Task.Run(() => _invocation.UseAsync(client, async () =>
        {
            Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60)));
            await Task.Yield();
            return _invocation.Current;
        }));
    }

    private static OrchestrationMetadata Metadata(OrchestrationRuntimeStatus status, string? customStatus = null) =>
        new("Test", "a") { RuntimeStatus = status, SerializedCustomStatus = customStatus };

    private void Found(OrchestrationMetadata? metadata) =>
        _client.Setup(it => it.GetInstancesAsync("a", true, It.IsAny<CancellationToken>())).ReturnsAsync(metadata);

    private Moq.Language.Flow.ISetup<DurableTaskClient, Task<string>> Scheduling() =>
        _client.Setup(it => it.ScheduleNewOrchestrationInstanceAsync(
            It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()));

    private Task<bool> StartAsync(string state = "") =>
        _invocation.UseAsync(_client.Object, () => Engine.StartAsync(TestScript.Ref(), "a", state, CancellationToken.None));

    private Task<WorkflowStatus?> GetAsync() => _invocation.UseAsync(_client.Object, () => Engine.GetAsync("a", CancellationToken.None));
}
