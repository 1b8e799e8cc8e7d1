using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Drop;

public sealed class DropRoutingTests
{
    private const string Research = "projects/p/locations/l/datasets/d/dicomStores/research";

    [Fact]
    public async Task Files_go_to_their_aliases_store_others_to_the_default_and_an_unknown_alias_fails()
    {
        await using var host = await CoreHost.StartAsync(settings:
        [
            ("Drop:Destination", CoreHost.Store.ToString()), ("Drop:Aliases:research", Research), ("Drop:SettleTime", "00:00:00"),
        ]);
        await host.PutDicomAsync("drop/incoming/plain.dcm", "1.2.1");
        await host.PutDicomAsync("drop/incoming/research/deep/r.dcm", "1.2.2");
        await host.PutDicomAsync("drop/incoming/nobody/n.dcm", "1.2.3");

        await DropAsync(host);

        Assert.Equal(["1.2.1", "1.2.2"], host.Server.Stored.Keys.Order(StringComparer.Ordinal));
        var targets = host.Server.Requests.Where(
            request => request.StartsWith("POST", StringComparison.Ordinal) || request.Contains("/studies", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(2, targets.Count);
        Assert.Equal(
            ["drop/failed/nobody/n.dcm", "drop/failed/nobody/n.dcm.error.json"],
            await host.ListAsync("drop/"));
        Assert.Contains("unknown_alias", await host.ReadTextAsync("drop/failed/nobody/n.dcm.error.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_default_a_file_in_no_folder_fails()
    {
        await using var host = await CoreHost.StartAsync(settings: [("Drop:Aliases:research", Research), ("Drop:SettleTime", "00:00:00")]);
        await host.PutDicomAsync("drop/incoming/plain.dcm");
        await DropAsync(host);
        Assert.Empty(host.Server.Stored);
        Assert.Contains("no_destination", await host.ReadTextAsync("drop/failed/plain.dcm.error.json"), StringComparison.Ordinal);
    }

    private static async Task DropAsync(CoreHost host)
    {
        Assert.True(await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None));
        var ended = await host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(WorkflowState.Completed, ended!.State);
    }
}
