using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Storage;

/// <summary>Registers the object store.</summary>
internal static class StorageServices
{
    /// <summary>Adds Azure Blob Storage as the <see cref="IObjectStore"/>, unless one is registered.</summary>
    public static IServiceCollection AddBlobObjectStore(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(provider => BlobConnection.Open(
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.ConnectionName));
        services.TryAddSingleton<IObjectStore, AzureBlobObjectStore>();
        return services;
    }
}
