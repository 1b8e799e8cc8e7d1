using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.DicomWeb;
using Google.Apis.Auth.OAuth2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DicomFunctions.Core;

/// <summary>Registers the client of DICOM stores, without jobs and hosts.</summary>
public static class DicomStoreClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IDicomStoreClient"/>. It reads the configuration's sections <c>DicomFunctions:DicomWeb</c> and
    /// <c>DicomFunctions:Authorization</c> (without a configuration: the environment variables <c>DicomFunctions__…</c>), and then calls
    /// the delegates.
    /// </summary>
    /// <remarks>
    /// What is registered before takes precedence: another <see cref="IDicomStoreClient"/>, like Beam's <c>client</c>; another
    /// <see cref="IAccessTokenSource"/>, or a <see cref="GoogleCredential"/> or <see cref="ITokenAccess"/> in place of the machine's
    /// Application Default Credentials, like Beam's <c>credential</c>.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets how to reach stores.</param>
    /// <param name="authorize">Sets how requests are authorized.</param>
    public static IServiceCollection AddDicomStoreClient(
        this IServiceCollection services, Action<DicomWebOptions>? configure = null, Action<AuthorizationOptions>? authorize = null)
    {
        services.TryAddSingleton<IConfiguration>(_ => new ConfigurationBuilder().AddEnvironmentVariables().Build());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddLogging();
        services.AddAccessTokens().AddDicomWeb();
        if (configure is not null)
            services.Configure(configure);
        if (authorize is not null)
            services.Configure(authorize);
        return services;
    }
}
