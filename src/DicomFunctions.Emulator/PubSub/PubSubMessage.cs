namespace DicomFunctions.Emulator.PubSub;

/// <summary>
/// A published message. <paramref name="Members"/> are the JSON members that come from the publisher (<c>"data":…,"attributes":…</c>)
/// as they stand in every answer, without braces, so that a pull only copies them.
/// </summary>
internal sealed record PubSubMessage(long Id, DateTimeOffset PublishTime, ReadOnlyMemory<byte> Members);
