namespace DicomFunctions.Integration.Network;

/// <summary>What is done to one connection. Numbers of bytes count from its beginning, whatever requests it carries.</summary>
internal sealed record Toxic
{
    /// <summary>A good network.</summary>
    public static readonly Toxic None = new();

    /// <summary>How many of the client's bytes are let through before the <see cref="Ending"/>; null: all.</summary>
    public long? RequestBytes { get; init; }

    /// <summary>How many of the server's bytes are let through; 0 ends it when the server has begun to answer. Null: all.</summary>
    public long? AnswerBytes { get; init; }

    public Ending Ending { get; init; }

    /// <summary>The most bytes that pass at once.</summary>
    public int ChunkBytes { get; init; } = 64 << 10;

    /// <summary>How long each of these pieces takes, either way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How much gets through, either way, on the whole: what a busy moment held up is made up for. Null: whatever can.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>What the client gets for the server's first whole answer; then comes the <see cref="Ending"/>.</summary>
    public Func<HttpAnswer, byte[]>? Distort { get; init; }

    /// <summary>Answers in place of the server, which never hears of the request; then comes the <see cref="Ending"/>.</summary>
    public Func<Stream, CancellationToken, Task>? Instead { get; init; }

    /// <summary>Called when the connection has come to its <see cref="Ending"/>, before that.</summary>
    public Action? AtEnding { get; init; }

    /// <summary>Breaks the connection before anything of the request was read.</summary>
    public static Toxic ResetBeforeRequest => new() { RequestBytes = 0 };

    /// <summary>Breaks it once the server has worked the request, before anything of the answer came.</summary>
    public static Toxic ResetBeforeAnswer => new() { AnswerBytes = 0 };

    /// <summary>Breaks it in the request.</summary>
    public static Toxic ResetInRequest(long after) => new() { RequestBytes = after };

    /// <summary>Breaks it in the answer.</summary>
    public static Toxic ResetInAnswer(long after) => new() { AnswerBytes = after };

    /// <summary>Sends the same bytes whatever is asked, and closes.</summary>
    public static Toxic Answering(byte[] bytes) => new()
    {
        Ending = Ending.Close,
        Instead = async (client, cancellationToken) => await client.WriteAsync(bytes, cancellationToken),
    };

    /// <summary>Sends bytes, then further ones again and again, each after a while, for ever.</summary>
    public static Toxic Trickling(byte[] first, byte[] next, TimeSpan every) => new()
    {
        Instead = async (client, cancellationToken) =>
        {
            await client.WriteAsync(first, cancellationToken);
            while (true)
            {
                await Task.Delay(every, cancellationToken);
                await client.WriteAsync(next, cancellationToken);
            }
        },
    };
}
