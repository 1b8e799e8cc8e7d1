using Google.Apis.Auth.OAuth2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Credentials;

/// <summary>Registers the credential for Google.</summary>
internal static class CredentialServices
{
    /// <summary>
    /// Registers the <see cref="GoogleCredential"/> of workload identity federation, which Core and Pub/Sub prefer to the machine's own. In
    /// the other mode it registers none. A credential registered earlier takes precedence.
    /// </summary>
    public static IServiceCollection AddGoogleCredentials(this IServiceCollection services)
    {
        services.AddOptions<GoogleCredentialsOptions>()
            .BindConfiguration(GoogleCredentialsOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<GoogleCredentialsOptions>>().Value;
            return options.Mode == GoogleCredentialsMode.WorkloadIdentity ? WorkloadIdentity.Create(options) : null!;
        });
        return services;
    }
}
