using System.Diagnostics.CodeAnalysis;
using Azure.Storage.Blobs;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Drop;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Triggers;

/// <summary>Wakes the drop workflow when a file arrives, and periodically, since an event may be lost.</summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "A trigger must be a parameter; a listing finds the files.")]
public sealed class DropFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly DropDoorbell _doorbell = services.GetRequiredService<DropDoorbell>();
    private readonly IOptions<DropOptions> _options = services.GetRequiredService<IOptions<DropOptions>>();

#if DROP_POLLING
    private const BlobTriggerSource Source = BlobTriggerSource.LogsAndContainerScan;
#else
    private const BlobTriggerSource Source = BlobTriggerSource.EventGrid;
#endif

    /// <summary>Binds a client, which reads nothing of the blob.</summary>
    [Function("DropDoorbell")]
    public Task DropDoorbellAsync(
        [BlobTrigger(DropFolder.Incoming + "{name}", Source = Source)] BlobClient blob,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        RunAsync(client, () => _doorbell.RingForFileAsync(cancellationToken));

    [Function("DropTimer")]
    public Task DropTimerAsync(
        [TimerTrigger("%DropSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        RunAsync(client, () => _doorbell.RingAsync(cancellationToken));

    private Task RunAsync(DurableTaskClient client, Func<Task> ring) =>
        _options.Value.IsEnabled ? invocation.UseAsync(client, ring) : Task.CompletedTask;
}
