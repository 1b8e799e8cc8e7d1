using DicomFunctions.Core;
using DicomFunctions.Core.PubSub;
using Google.Api.Gax;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.PubSub;

/// <summary>Pub/Sub, by registration.</summary>
internal static class PubSubServices
{
    /// <summary>
    /// Google's client library as the <see cref="INotificationSubscription"/>, unless another is registered already: with the registered
    /// <see cref="GoogleCredential"/>, else the machine's own, or the emulator that <c>PUBSUB_EMULATOR_HOST</c> names. Where another
    /// address is configured, that is spoken to by REST.
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

    /// <summary>With the emulator, whatever else is set does not count.</summary>
    internal static SubscriberServiceApiClientBuilder Builder(GoogleCredential? credential) => new()
    {
        EmulatorDetection = EmulatorDetection.EmulatorOrProduction,
        GoogleCredential = credential,
    };
}
