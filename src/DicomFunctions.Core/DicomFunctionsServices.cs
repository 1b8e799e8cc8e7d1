using DicomFunctions.Core.Api;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.DicomWeb.Client;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Events;
using DicomFunctions.Core.Health;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Expansion;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Overview;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Settings;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tables;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core;

/// <summary>Registers the services of Core. What the host registered before takes precedence: a client, a credential, a clock.</summary>
internal static class DicomFunctionsServices
{
    /// <summary>
    /// Adds all of Core, configured by the options' sections. The host must add an <see cref="IObjectStore"/> and an
    /// <see cref="IWorkflowEngine"/>.
    /// </summary>
    public static IServiceCollection AddDicomFunctions(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddOptions<KnownSections>().Validate(
            _ => KnownSections.HasNoTwins(Environment.GetEnvironmentVariables().Keys.Cast<string>()),
            $"Two environment variables that begin with {KnownSections.Root} differ only in case. Remove one of them.");
        return services
            .AddCheckedOptions<KnownSections>(KnownSections.Root)
            .AddAccessTokens()
            .AddUploadSources()
            .AddDicomWebSources()
            .AddDicomWeb()
            .AddJobs()
            .AddDrop()
            .AddEvents()
            .AddNotifications()
            .AddHealth()
            .AddOverview()
            .AddApi();
    }

    /// <summary>A subscription that uses Pub/Sub's REST API.</summary>
    internal static RestSubscription CreateRestSubscription(IServiceProvider provider) =>
        ActivatorUtilities.CreateInstance<RestSubscription>(
            provider, new HttpMessageInvoker(ConnectionPool.Create()), provider.GetAccessTokens(AuthorizationOptions.PubSubScope));

    internal static IServiceCollection AddDicomWeb(this IServiceCollection services)
    {
        services.AddCheckedOptions<DicomWebOptions>(DicomWebOptions.SectionName);
        services.AddOptions<DicomWebOptions>().Validate(
            options => options.AllowedStores.All(store => store.EndsWith('*') || DicomStorePath.TryParse(store, out _)),
            $"{DicomWebOptions.SectionName}:{nameof(DicomWebOptions.AllowedStores)} has an entry that is neither the path of a store "
            + "nor a prefix ending in '*'.");
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<DicomWebOptions>>().Value.Server);
        services.TryAddSingleton<StoreAllowList>();
        services.TryAddSingleton(provider => new HttpMessageInvoker(
            StoreConnections.Create(provider.GetRequiredService<IOptions<DicomWebOptions>>().Value)));
        services.TryAddSingleton<IDicomStoreClient, DicomWebClient>();
        return services;
    }

    private static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddCheckedOptions<JobOptions>(JobOptions.SectionName);
        services.TryAddSingleton<JobStore>();
        services.TryAddSingleton<JobOwners>();
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<JobDrafts>();
        services.TryAddSingleton<JobAcceptance>();
        services.TryAddSingleton<JobClaims>();
        services.TryAddSingleton<JobStarts>();
        services.TryAddSingleton<JobResume>();
        services.TryAddSingleton<JobEndLog>();
        services.TryAddSingleton<AnnounceFailure>();
        services.TryAddSingleton<JobTermination>();
        services.TryAddSingleton<JobActions>();
        services.TryAddSingleton<JobDeletion>();
        services.TryAddSingleton<JobInspector>();
        services.TryAddSingleton<JobListing>();
        services.TryAddSingleton<JobEnds>();
        services.TryAddSingleton<JobWaiter>();
        services.TryAddSingleton<JobResults>();
        services.TryAddSingleton<JobRetry>();
        services.TryAddSingleton<UploadMemory>();
        services.TryAddSingleton<JobSources>();
        services.TryAddSingleton<SourceExpansion>();
        services.TryAddSingleton<SearchBatch>();
        services.TryAddSingleton<UploadBatch>();
        services.TryAddSingleton<RetrievedPlaces>();
        services.TryAddSingleton<RetrieveBatch>();
        services.TryAddSingleton<JobRetention>();
        services.TryAddSingleton<IJobService, JobService>();
        services.TryAddSingleton<IJobTables, JobTables>();
        services.TryAddSingleton(provider => new WorkflowCatalog(provider).AddJobs().AddDrop().AddEvents());
        return services;
    }

    private static IServiceCollection AddDrop(this IServiceCollection services)
    {
        services.AddCheckedOptions<DropOptions>(DropOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DropOptions>, DropOptionsValidator>());
        services.TryAddSingleton<DropDoorbell>();
        services.TryAddSingleton<DropErrors>();
        services.AddSingleton<IJobOwner, DropOwner>();
        services.TryAddSingleton<ChangedFailures>();
        services.TryAddSingleton<DropBacklogCount>();
        return services;
    }

    private static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddCheckedOptions<EventOptions>(EventOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventOptions>, EventOptionsValidator>());
        services.TryAddSingleton<Outbox>();
        services.TryAddSingleton<EventDoorbell>();
        services.TryAddSingleton<IEventEndpoint, WebhookEndpoint>();
        services.TryAddSingleton<IJobAnnouncer, JobAnnouncer>();
        return services;
    }

    private static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddCheckedOptions<NotificationOptions>(NotificationOptions.SectionName);
        services.TryAddSingleton<INotificationSubscription>(CreateRestSubscription);
        services.TryAddSingleton<SubscriptionPulls>();
        services.TryAddSingleton<INotificationPump, NotificationPump>();
        return services;
    }

    private static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<IHealthCheck, ObjectStoreCheck>();
        services.AddSingleton<IHealthCheck, EngineCheck>();
        services.AddSingleton<IHealthCheck, DicomStoreCheck>();
        services.AddSingleton<IHealthCheck>(provider => new SubscriptionCheck(
            CreateRestSubscription(provider), provider.GetRequiredService<IOptions<NotificationOptions>>()));
        services.TryAddSingleton<HealthChecks>();
        return services;
    }

    private static IServiceCollection AddOverview(this IServiceCollection services)
    {
        services.TryAddSingleton<RecentJobs>();
        services.TryAddSingleton<IOverviewReports, OverviewReports>();
        return services;
    }

    private static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddCheckedOptions<ApiOptions>(ApiOptions.SectionName);
        services.TryAddSingleton<ICallers, UnknownCallers>();
        services.TryAddSingleton<SubmitApi>();
        services.AddCheckedOptions<PushOptions>(PushOptions.SectionName);
        services.AddOptions<PushOptions>().Validate(
            options => options.Audience is null == options.ServiceAccount is null,
            $"{PushOptions.SectionName}: {nameof(PushOptions.Audience)} and {nameof(PushOptions.ServiceAccount)} must be set together.");
        services.TryAddSingleton<PushApi>();
        services.TryAddSingleton<JobsApi>();
        services.TryAddSingleton<OverviewApi>();
        services.TryAddSingleton<AboutApi>();
        return services;
    }
}
