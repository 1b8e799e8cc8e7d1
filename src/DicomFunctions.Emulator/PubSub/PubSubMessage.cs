namespace DicomFunctions.Emulator.PubSub;

/// <summary>
/// A published message. <paramref name="Members"/> are the publisher's JSON members (<c>"data":…,"attributes":…</c>, without braces) as
/// every pull returns them, so that a pull only copies them.
/// </summary>
internal sealed record PubSubMessage(long Id, DateTimeOffset PublishTime, ReadOnlyMemory<byte> Members);
