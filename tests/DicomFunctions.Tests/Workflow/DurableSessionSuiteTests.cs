using DicomFunctions.App.Tests.Fakes;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing.Workflow;
using Microsoft.Extensions.Logging.Abstractions;

namespace DicomFunctions.App.Tests.Workflow;

/// <summary>The same with extended sessions, which keep orchestrators in memory until the process ends.</summary>
public sealed class DurableSessionSuiteTests : RestartableWorkflowEngineSuite, IDisposable
{
    private FakeTaskHub? _hub;
    private InvokedEngine? _engine;

    public void Dispose() => _hub?.Dispose();

    protected override Task<IWorkflowEngine> StartEngineAsync(WorkflowCatalog catalog, EngineSetup setup)
    {
        var activities = new ActivityRunner(catalog, NullLogger<ActivityRunner>.Instance);
        _hub = new FakeTaskHub((name, context) => DurableTurn.RunAsync(catalog, setup.Retry, name, context), activities.RunAsync)
        {
            MaxConcurrentActivities = setup.MaxConcurrentActivities,
            ExtendedSessions = true,
        };
        _engine = new InvokedEngine(new FakeDurableTaskClient(_hub));
        return Task.FromResult<IWorkflowEngine>(_engine);
    }

    protected override Task<IWorkflowEngine> RestartEngineAsync(WorkflowCatalog catalog, EngineSetup setup)
    {
        _hub!.Restart();
        return Task.FromResult<IWorkflowEngine>(_engine!);
    }
}
