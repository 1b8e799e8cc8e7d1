using DicomFunctions.Core;
using DicomFunctions.Core.PubSub;
using Google.Api.Gax;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.PubSub;

/// <summary>Registers Pub/Sub.</summary>
internal static class PubSubServices
{
    /// <summary>
    /// Adds Google's client library as the <see cref="INotificationSubscription"/>, unless one is registered. It uses the registered
    /// <see cref="GoogleCredential"/> or else the machine's own, or the emulator that <c>PUBSUB_EMULATOR_HOST</c> names. If another base
    /// URL is configured, uses Pub/Sub's REST API instead.
    /// </summary>
    public static IServiceCollection AddPubSub(this IServiceCollection services)
    {
        services.TryAddSingleton<INotificationSubscription>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<NotificationOptions>>();
            return options.Value.BaseUrl != new NotificationOptions().BaseUrl
                ? DicomFunctionsServices.CreateRestSubscription(provider)
                : new PubSubSubscription(
                    cancellationToken => Builder(provider.GetService<GoogleCredential>()).BuildAsync(cancellationToken),
                    options,
                    provider.GetRequiredService<TimeProvider>());
        });
        return services;
    }

    /// <summary>Creates the builder. With the emulator, it ignores all other settings.</summary>
    internal static SubscriberServiceApiClientBuilder Builder(GoogleCredential? credential) => new()
    {
        EmulatorDetection = EmulatorDetection.EmulatorOrProduction,
        GoogleCredential = credential,
    };
}
