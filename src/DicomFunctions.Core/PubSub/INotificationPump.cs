namespace DicomFunctions.Core.PubSub;

/// <summary>Turns the messages of the subscription into jobs.</summary>
internal interface INotificationPump
{
    /// <summary>Pulls until nothing is left or the time of the round is up, and returns the number of messages.</summary>
    /// <exception cref="NotificationException">The subscription cannot be used.</exception>
    Task<int> RunAsync(CancellationToken cancellationToken);
}
