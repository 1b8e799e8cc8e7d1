using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DicomFunctions.App.Workflow;

/// <summary>Registers the workflow engine.</summary>
internal static class WorkflowServices
{
    /// <summary>Adds Durable Functions as the <see cref="IWorkflowEngine"/>, unless another engine is registered.</summary>
    public static IServiceCollection AddDurableWorkflows(this IServiceCollection services)
    {
        services.TryAddSingleton<InvocationClient>();
        services.TryAddSingleton<ActivityRunner>();
        services.TryAddSingleton<IWorkflowEngine, DurableWorkflowEngine>();
        return services;
    }
}
