using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing.Workflow;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DicomFunctions.App.Tests.Workflow;

/// <summary>The engine port on the real Durable SDK, whose orchestrators run again from their start with every event.</summary>
public sealed class DurableEngineSuiteTests : RestartableWorkflowEngineSuite, IAsyncLifetime
{
    private DurableHub? _hub;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_hub is not null)
            await _hub.DisposeAsync();
    }

    private protected override async Task<IWorkflowEngine> StartEngineAsync(WorkflowCatalog catalog, EngineSetup setup)
    {
        var activities = new ActivityRunner(catalog, NullLogger<ActivityRunner>.Instance);
        _hub = await DurableHub.StartAsync(
            catalog, (name, context) => DurableTurn.RunAsync(catalog, setup.Retry, name, context), activities.RunAsync,
            setup.MaxConcurrentActivities);
        return new InvokedEngine(_hub);
    }

    private protected override async Task<IWorkflowEngine> RestartEngineAsync(WorkflowCatalog catalog, EngineSetup setup)
    {
        await _hub!.RestartAsync();
        return new InvokedEngine(_hub);
    }
}
