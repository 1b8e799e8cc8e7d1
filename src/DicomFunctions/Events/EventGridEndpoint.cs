using Azure;
using Azure.Identity;
using Azure.Messaging.EventGrid;
using DicomFunctions.Core.Events;

namespace DicomFunctions.App.Events;

/// <summary>Sends events to an Event Grid topic. Each is sent once: the workflow sends it again.</summary>
internal sealed class EventGridEndpoint(EventGridPublisherClient client) : IEventEndpoint
{
    public async Task<EventDelivery> SendAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        try
        {
            // The topic takes events as an array.
            byte[] batch = [(byte)'[', .. json.Span, (byte)']'];
            using var answer = await client.SendEncodedCloudEventsAsync(batch, cancellationToken).ConfigureAwait(false);
            return EventDelivery.Accepted;
        }
        catch (RequestFailedException exception)
        {
            return new EventDelivery(exception.Status > 0 ? $"Event Grid answered {exception.Status}." : "Event Grid cannot be reached.");
        }
        catch (AuthenticationFailedException)
        {
            return new EventDelivery("The app's identity has no token for Event Grid.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EventDelivery("Event Grid did not answer in time.");
        }
    }
}
