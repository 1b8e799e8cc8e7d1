using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Drop;

/// <summary>A host with a drop folder whose files settle at once, on a clock that does not wait.</summary>
internal static class DropHost
{
    public static Task<CoreHost> StartAsync(params (string, string)[] settings) => StartAsync(null, settings);

    public static Task<CoreHost> StartAsync(
        Action<IServiceCollection>? configure, params (string, string)[] settings) => CoreHost.StartAsync(
        CoreHost.SkippingClock(), configure,
        [("Drop:Destination", CoreHost.Store.ToString()), ("Drop:SettleTime", "00:00:00"), .. settings]);

    /// <summary>Rings, and waits until nothing is left to do.</summary>
    public static async Task DropAsync(this CoreHost host)
    {
        Assert.True(await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None));
        var status = await host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).InTime();
        Assert.True(status!.State == WorkflowState.Completed, status.Failure);
    }

    public static async Task<List<JobView>> JobsAsync(this CoreHost host) =>
        await host.Jobs.ListAsync(null, CancellationToken.None).ToListAsync();

    public static Task PutTextAsync(this CoreHost host, string name, string text = "no DICOM") =>
        host.PutAsync(name, System.Text.Encoding.UTF8.GetBytes(text));
}
