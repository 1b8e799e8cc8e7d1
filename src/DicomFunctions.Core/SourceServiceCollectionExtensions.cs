using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Settings;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Sources.Files;
using DicomFunctions.Core.Sources.Gcs;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core;

/// <summary>Registers where files to upload come from.</summary>
public static class SourceServiceCollectionExtensions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Adds <see cref="SourceCatalog"/> with what lies below <c>drop/</c> of the object store, <c>file:</c> and <c>gs://</c>, configured by
    /// <see cref="SourceOptions"/>. Needs an <see cref="IObjectStore"/> and an <see cref="IAccessTokenSource"/>. Another
    /// <see cref="ISourceProvider"/> that is registered before comes first, and may take over a scheme.
    /// </summary>
    public static IServiceCollection AddUploadSources(this IServiceCollection services)
    {
        services.AddCheckedOptions<SourceOptions>(SourceOptions.SectionName);
        services.AddOptions<SourceOptions>()
            .Validate(
                options => options.GcsBaseUrl is { IsAbsoluteUri: true, Scheme: "http" or "https" },
                $"{SourceOptions.SectionName}:{nameof(SourceOptions.GcsBaseUrl)} must be an http or https URL.")
            .Validate(
                options => options.AllowedRoots.All(root => !string.IsNullOrWhiteSpace(root) && !root.Contains('\0')),
                $"{SourceOptions.SectionName}:{nameof(SourceOptions.AllowedRoots)} has an empty folder.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(static provider => new GcsClient(
            new HttpMessageInvoker(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = ConnectTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }),
            provider.GetAccessTokens(AuthorizationOptions.CloudPlatformScope),
            provider.GetRequiredService<IOptions<SourceOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>()));
        services.TryAddSingleton<StoredObjects>();
        services.TryAddSingleton(new SourceFolder(DropFolder.Root));
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<ISourceProvider, ObjectStoreSource>(),
            ServiceDescriptor.Singleton<ISourceProvider, FileSource>(),
            ServiceDescriptor.Singleton<ISourceProvider, GcsSource>(),
        ]);
        services.TryAddSingleton<SourceCatalog>();
        return services;
    }
}
