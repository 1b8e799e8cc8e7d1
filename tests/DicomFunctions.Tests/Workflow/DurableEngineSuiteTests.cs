using DicomFunctions.App.Tests.Fakes;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing.Workflow;
using Microsoft.Extensions.Logging.Abstractions;

namespace DicomFunctions.App.Tests.Workflow;

/// <summary>The engine port on Durable Functions, whose orchestrators run again from their start with every event.</summary>
public sealed class DurableEngineSuiteTests : WorkflowEngineSuite, IDisposable
{
    private FakeTaskHub? _hub;

    public void Dispose() => _hub?.Dispose();

    protected override Task<IWorkflowEngine> StartEngineAsync(WorkflowCatalog catalog, EngineSetup setup)
    {
        var activities = new ActivityRunner(catalog, NullLogger<ActivityRunner>.Instance);
        _hub = new FakeTaskHub((name, context) => DurableTurn.RunAsync(catalog, setup.Retry, name, context), activities.RunAsync)
        {
            MaxConcurrentActivities = setup.MaxConcurrentActivities,
        };
        return Task.FromResult<IWorkflowEngine>(new InvokedEngine(new FakeDurableTaskClient(_hub)));
    }
}
