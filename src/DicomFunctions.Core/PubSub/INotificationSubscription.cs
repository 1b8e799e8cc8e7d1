namespace DicomFunctions.Core.PubSub;

/// <summary>A Pub/Sub subscription to the notifications of DICOM stores.</summary>
internal interface INotificationSubscription
{
    /// <summary>Pulls messages; none if none arrived in time.</summary>
    /// <param name="maxMessages">1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the wait. Messages on their way are delivered again later.</param>
    Task<IReadOnlyList<ReceivedMessage>> PullAsync(int maxMessages, CancellationToken cancellationToken);

    /// <summary>Acknowledges messages, so that they are not delivered again.</summary>
    Task AcknowledgeAsync(IReadOnlyList<string> ackIds, CancellationToken cancellationToken);

    /// <summary>Postpones the redelivery of messages until this long from now; zero to have them delivered again at once.</summary>
    Task ExtendAsync(IReadOnlyList<string> ackIds, TimeSpan deadline, CancellationToken cancellationToken);
}
