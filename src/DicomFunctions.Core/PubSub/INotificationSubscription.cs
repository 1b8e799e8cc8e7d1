namespace DicomFunctions.Core.PubSub;

/// <summary>A Pub/Sub subscription to what happens in DICOM stores.</summary>
public interface INotificationSubscription
{
    /// <summary>Takes some of the messages that wait; none when none wait, or none came in time.</summary>
    /// <param name="maxMessages">1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the wait. Messages that were on their way are delivered again later.</param>
    Task<IReadOnlyList<ReceivedMessage>> PullAsync(int maxMessages, CancellationToken cancellationToken);

    /// <summary>Tells that messages need not be delivered again.</summary>
    Task AcknowledgeAsync(IReadOnlyList<string> ackIds, CancellationToken cancellationToken);

    /// <summary>Keeps messages from being delivered again for this long from now; zero: deliver them again at once.</summary>
    Task ExtendAsync(IReadOnlyList<string> ackIds, TimeSpan deadline, CancellationToken cancellationToken);
}
