using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Health;

/// <summary>Whether the engine runs and responds.</summary>
internal sealed class EngineCheck(IWorkflowEngine engine) : IHealthCheck
{
    /// <summary>An id that no instance has: the answer that it does not exist is an answer.</summary>
    private const string NoInstance = "health";

    public string Name => "engine";

    public bool IsDeep => false;

    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.GetAsync(NoInstance, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ObjectStoreException))
        {
            return "The workflow engine is not running, or its store cannot be reached. Jobs wait; restart the host if this persists.";
        }
    }
}
