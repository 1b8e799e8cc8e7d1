using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Workflow;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DicomFunctions.Local.Tests.Engine;

public sealed class EmbeddedEngineSuiteTests : RestartableWorkflowEngineSuite, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EmbeddedEngine? _engine;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _folder.Dispose();
    }

    private protected override async Task<IWorkflowEngine> StartEngineAsync(WorkflowCatalog catalog, EngineSetup setup)
    {
        var options = new EmbeddedEngineOptions
        {
            Directory = _folder.Path,
            MaxConcurrentActivities = setup.MaxConcurrentActivities,
            ActivityRetry = setup.Retry,
        };
        _engine = new EmbeddedEngine(catalog, options, TimeProvider.System, NullLogger<EmbeddedEngine>.Instance);
        await _engine.StartAsync(CancellationToken.None);
        return _engine;
    }

    private protected override async Task<IWorkflowEngine> RestartEngineAsync(WorkflowCatalog catalog, EngineSetup setup)
    {
        await _engine!.DisposeAsync();
        return await StartEngineAsync(catalog, setup);
    }
}
