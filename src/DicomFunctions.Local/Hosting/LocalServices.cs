using DicomFunctions.Core;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Hosting;

/// <summary>Registers Core on a directory and the embedded engine.</summary>
internal static class LocalServices
{
    public static IServiceCollection AddLocalHost(this IServiceCollection services)
    {
        services.AddDicomFunctions();
        services.AddCheckedOptions<LocalOptions>(LocalOptions.SectionName);
        services.AddSingleton(provider => new DirectoryObjectStore(
            DataDirectory(provider), new DirectoryObjectStoreOptions { DeferStagingSync = true }));
        services.AddSingleton<IObjectStore>(provider => provider.GetRequiredService<DirectoryObjectStore>());
        services.AddSingleton(CreateEngine);
        services.AddSingleton<IWorkflowEngine>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedEngine>());
        return services;
    }

    private static EmbeddedEngine CreateEngine(IServiceProvider provider)
    {
        var options = new EmbeddedEngineOptions
        {
            Directory = Path.Combine(DataDirectory(provider), ".engine"),
            MaxConcurrentActivities = provider.GetRequiredService<IOptions<JobOptions>>().Value.MaxWorkers,
            SyncInterval = TimeSpan.FromMilliseconds(200),
            Resumes = provider.GetService<ResumeFilter>()?.Resumes,
            SyncEffects = provider.GetRequiredService<DirectoryObjectStore>().SyncStagedAsync,
        };
        return ActivatorUtilities.CreateInstance<EmbeddedEngine>(provider, provider.GetRequiredService<WorkflowCatalog>(), options);
    }

    private static string DataDirectory(IServiceProvider provider) =>
        Path.GetFullPath(provider.GetRequiredService<IOptions<LocalOptions>>().Value.DataDirectory);
}
