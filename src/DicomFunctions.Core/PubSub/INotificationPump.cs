namespace DicomFunctions.Core.PubSub;

/// <summary>Makes jobs of the messages that wait in the subscription.</summary>
public interface INotificationPump
{
    /// <summary>Pulls until nothing is left, or the round's time is over. Gives the number of messages taken.</summary>
    /// <exception cref="NotificationException">The subscription can not be used.</exception>
    Task<int> RunAsync(CancellationToken cancellationToken);
}
