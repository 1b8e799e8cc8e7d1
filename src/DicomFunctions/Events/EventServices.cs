using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Messaging.EventGrid;
using DicomFunctions.Core.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Events;

/// <summary>Registers where events are sent.</summary>
internal static class EventServices
{
    /// <summary>Adds the Event Grid topic as the endpoint of events, where the settings name one.</summary>
    public static IServiceCollection AddEventGrid(this IServiceCollection services)
    {
        services.TryAddSingleton<IEventEndpoint>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<EventOptions>>().Value;
            // The credential is the identity of AZURE_CLIENT_ID, or on a laptop the developer's own.
            return options.Topic is { } topic
                ? Create(topic, new DefaultAzureCredential(), options.Timeout, transport: null)
                : ActivatorUtilities.CreateInstance<WebhookEndpoint>(provider);
        });
        return services;
    }

    /// <summary>Creates the endpoint of a topic.</summary>
    /// <param name="topic">The topic's endpoint.</param>
    /// <param name="credential">Needs the role EventGrid Data Sender.</param>
    /// <param name="timeout">How long the topic may take to answer.</param>
    /// <param name="transport">Sends the requests; null for the default.</param>
    public static EventGridEndpoint Create(Uri topic, TokenCredential credential, TimeSpan timeout, HttpPipelineTransport? transport)
    {
        var options = new EventGridPublisherClientOptions
        {
            Retry = { MaxRetries = 0, NetworkTimeout = timeout },
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false },
        };
        if (transport is not null)
            options.Transport = transport;
        return new EventGridEndpoint(new EventGridPublisherClient(topic, credential, options));
    }
}
