using System.Buffers;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>What a record may carry beside Beam's keys.</summary>
internal readonly record struct RecordExtras
{
    /// <summary>HTTP requests sent for it; left out when 0.</summary>
    public int Attempts { get; init; }

    /// <summary>Wall-clock milliseconds from its start to its end; left out when null.</summary>
    public long? ElapsedMs { get; init; }

    /// <summary>The Pub/Sub message it came from.</summary>
    public string? MessageId { get; init; }

    /// <summary>When that message was published, as Pub/Sub wrote it.</summary>
    public string? PublishTime { get; init; }

    public void WriteTo(IBufferWriter<byte> output)
    {
        if (Attempts > 0)
            output.Property("attempts"u8, Attempts);
        if (ElapsedMs is { } elapsed)
            output.Property("elapsed_ms"u8, elapsed);
        output.Property("message_id"u8, MessageId);
        output.Property("publish_time"u8, PublishTime);
    }
}
