namespace DicomFunctions.Core.Events;

/// <summary>Where events are sent. Register another implementation to send them elsewhere.</summary>
internal interface IEventEndpoint
{
    /// <summary>Sends an event once. Throws only if cancelled, or if this host is in trouble.</summary>
    /// <param name="id">The event's id, the same whenever it is sent.</param>
    /// <param name="json">The event in the JSON format of CloudEvents.</param>
    /// <param name="cancellationToken">Cancels the sending.</param>
    Task<EventDelivery> SendAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
