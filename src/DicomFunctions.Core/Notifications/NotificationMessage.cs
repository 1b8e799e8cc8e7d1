namespace DicomFunctions.Core.Notifications;

/// <summary>
/// A Pub/Sub message about a DICOM store
/// (https://cloud.google.com/healthcare-api/docs/dicom-pubsub): its data names an instance, its attributes repeat the parts.
/// </summary>
public sealed record NotificationMessage
{
    /// <summary>The decoded data: a path, if all is well. Null when there was none, or it was not base64 of UTF-8.</summary>
    public string? Data { get; init; }

    public string? StoreName { get; init; }

    public string? StudyInstanceUid { get; init; }

    public string? SeriesInstanceUid { get; init; }

    public string? SopInstanceUid { get; init; }

    /// <summary>The same for every delivery of one message.</summary>
    public string? MessageId { get; init; }

    /// <summary>When it was published (RFC 3339), as Pub/Sub wrote it.</summary>
    public string? PublishTime { get; init; }
}
