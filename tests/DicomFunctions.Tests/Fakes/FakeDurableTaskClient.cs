using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Tests.Fakes;

/// <summary>The client of a <see cref="FakeTaskHub"/>, with the manners of the one over gRPC.</summary>
internal sealed class FakeDurableTaskClient(FakeTaskHub hub) : DurableTaskClient("hub")
{
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        hub.Start(options!.InstanceId!, orchestratorName.Name, input);
        return Task.FromResult(options.InstanceId!);
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        cancellation.IsCancellationRequested
            ? Task.FromException<OrchestrationMetadata?>(new RpcException(new Status(StatusCode.Cancelled, "")))
            : Task.FromResult(hub.Find(instanceId, getInputsAndOutputs));

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => new Pages(hub.All(filter!));

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        hub.Terminate(instanceId, options?.Output)
            ? Task.CompletedTask
            : Task.FromException(new RpcException(new Status(StatusCode.FailedPrecondition, "")));

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        Task.FromResult(new PurgeResult(hub.Purge(instanceId) ? 1 : 0));

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Pages(IReadOnlyList<OrchestrationMetadata> found) : AsyncPageable<OrchestrationMetadata>
    {
        public override async IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await Task.Yield();
            yield return new Page<OrchestrationMetadata>(found);
        }
    }
}
