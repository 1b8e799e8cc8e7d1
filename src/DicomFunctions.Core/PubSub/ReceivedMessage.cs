namespace DicomFunctions.Core.PubSub;

/// <summary>A delivery of a message.</summary>
internal sealed record ReceivedMessage
{
    /// <summary>The id by which this delivery is acknowledged.</summary>
    public required string AckId { get; init; }

    /// <summary>The message's bytes, normally the path of an instance in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>The same for every delivery of one message.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it was published (RFC 3339).</summary>
    public required string PublishTime { get; init; }
}
