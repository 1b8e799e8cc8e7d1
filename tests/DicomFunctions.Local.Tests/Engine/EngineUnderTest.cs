using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Workflow;
using Microsoft.Extensions.Logging.Abstractions;

namespace DicomFunctions.Local.Tests.Engine;

/// <summary>An embedded engine over a folder, with fast retries.</summary>
internal static class EngineUnderTest
{
    public static async Task<EmbeddedEngine> StartAsync(
        string directory, TestScript script, Func<EmbeddedEngineOptions, EmbeddedEngineOptions>? change = null)
    {
        var options = new EmbeddedEngineOptions
        {
            Directory = directory,
            ActivityRetry = new ActivityRetry { MaxAttempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1) },
        };
        var engine = new EmbeddedEngine(
            script.Catalog(), change?.Invoke(options) ?? options, TimeProvider.System, NullLogger<EmbeddedEngine>.Instance);
        try
        {
            await engine.StartAsync(CancellationToken.None);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public static Task<bool> StartAsync(this EmbeddedEngine engine, string id, string state = "", string workflow = "Test") =>
        engine.StartAsync(TestScript.Ref(workflow), id, state, CancellationToken.None);

    public static Task<WorkflowStatus?> EndOfAsync(this EmbeddedEngine engine, string id) =>
        engine.WaitAsync(id, CancellationToken.None).InTime();

    /// <summary>An activity that blocks until the engine stops.</summary>
    public static async Task<string> HoldAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "";
    }
}
