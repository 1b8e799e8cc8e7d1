using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Settings;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Sources.DicomWeb;
using DicomFunctions.Core.Sources.Files;
using DicomFunctions.Core.Sources.Gcs;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core;

/// <summary>Registers the sources of files to upload.</summary>
internal static class SourceServiceCollectionExtensions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Adds a <see cref="SourceCatalog"/> of the files below <c>drop/</c> in the object store, <c>file:</c> and <c>gs://</c>, configured by
    /// <see cref="SourceOptions"/>. Requires an <see cref="IObjectStore"/> and an <see cref="IAccessTokenSource"/>. An
    /// <see cref="ISourceProvider"/> registered earlier takes precedence and may replace a scheme.
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
                $"{SourceOptions.SectionName}:{nameof(SourceOptions.AllowedRoots)} has an empty entry.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(CreateGcsClient);
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

    /// <summary>Adds <c>dicomweb:</c> to the upload sources. Requires the client of DICOM stores.</summary>
    internal static IServiceCollection AddDicomWebSources(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SourceOptions>, DicomWebServerOptionsValidator>());
        services.TryAddSingleton<DicomWebServers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISourceProvider, DicomWebSource>());
        return services;
    }

    private static GcsClient CreateGcsClient(IServiceProvider provider)
    {
        var connections = ConnectionPool.Create();
        connections.ConnectTimeout = ConnectTimeout;
        return ActivatorUtilities.CreateInstance<GcsClient>(
            provider, new HttpMessageInvoker(connections), provider.GetAccessTokens(AuthorizationOptions.CloudPlatformScope));
    }
}
