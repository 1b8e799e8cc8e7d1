using System.Buffers;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>The keys at the end of a record, which Beam does not have.</summary>
internal readonly record struct RecordExtras
{
    /// <summary>The number of HTTP requests sent for it; 0 omits the key.</summary>
    public int Attempts { get; init; }

    /// <summary>The time from its start to its end, in milliseconds; null omits the key.</summary>
    public long? ElapsedMs { get; init; }

    /// <summary>The id of the Pub/Sub message it came from.</summary>
    public string? MessageId { get; init; }

    /// <summary>When that message was published, as Pub/Sub wrote it.</summary>
    public string? PublishTime { get; init; }

    /// <param name="output">The buffer to write to.</param>
    /// <param name="kind">The shape of the record, by which readers tell it from others: search, retrieve, upload or format.</param>
    public void WriteTo(IBufferWriter<byte> output, ReadOnlySpan<byte> kind)
    {
        output.Raw(",\"kind\":\""u8);
        output.Raw(kind);
        output.Raw("\""u8);
        if (Attempts > 0)
            output.Property("attempts"u8, Attempts);
        if (ElapsedMs is { } elapsed)
            output.Property("elapsed_ms"u8, elapsed);
        output.Property("message_id"u8, MessageId);
        output.Property("publish_time"u8, PublishTime);
    }
}
