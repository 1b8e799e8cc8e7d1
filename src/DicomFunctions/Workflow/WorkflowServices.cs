using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DicomFunctions.App.Workflow;

/// <summary>The engine, by registration.</summary>
internal static class WorkflowServices
{
    /// <summary>Durable Functions as the <see cref="IWorkflowEngine"/>.</summary>
    public static IServiceCollection AddDurableWorkflows(this IServiceCollection services)
    {
        services.TryAddSingleton<InvocationClient>();
        services.TryAddSingleton<ActivityRunner>();
        services.TryAddSingleton<IWorkflowEngine, DurableWorkflowEngine>();
        return services;
    }
}
