using DicomFunctions.Core;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Events;
using DicomFunctions.Core.Health;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Settings;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Hosting;

/// <summary>Registers Core on a directory and the embedded engine.</summary>
internal static class LocalHostServiceCollectionExtensions
{
    public static IServiceCollection AddLocalHost(this IServiceCollection services)
    {
        // For a file system, larger blocks are no cheaper, and their memory has left the processor's caches before it is written. Set
        // before the options are bound, so that a setting takes precedence.
        services.Configure<JobOptions>(jobs => jobs.BlockSize = 1 << 20);
        services.AddDicomFunctions();
        services.AddCheckedOptions<LocalOptions>(LocalOptions.SectionName);
        services.AddOptions<EventOptions>().Validate(
            events => events.Topic is null,
            $"{EventOptions.SectionName}:{nameof(EventOptions.Topic)} is only for the function app. Use {nameof(EventOptions.Url)}.");
        services.AddSingleton<DataDirectory>();
        services.AddSingleton<IHealthCheck, DiskCheck>();
        services.AddSingleton(provider => new DirectoryObjectStore(
            provider.GetRequiredService<DataDirectory>().Path, new DirectoryObjectStoreOptions { DeferStagingSync = true }));
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
            Directory = provider.GetRequiredService<DataDirectory>().Engine,
            MaxConcurrentActivities = 2 * MostWorkers(provider),
            Resumes = provider.GetService<ResumeFilter>()?.Resumes,
            SyncEffects = provider.GetRequiredService<DirectoryObjectStore>().SyncStagedAsync,
        };
        return ActivatorUtilities.CreateInstance<EmbeddedEngine>(provider, provider.GetRequiredService<WorkflowCatalog>(), options);
    }

    /// <summary>The most workers of a job that sets none of its own. Twice as many leave room for a small job beside a long one.</summary>
    private static int MostWorkers(IServiceProvider provider) => new[]
    {
        provider.GetRequiredService<IOptions<JobOptions>>().Value.MaxWorkers,
        provider.GetRequiredService<IOptions<DropOptions>>().Value.MaxWorkers ?? 1,
        provider.GetRequiredService<IOptions<NotificationOptions>>().Value.MaxWorkers ?? 1,
    }.Max();
}
