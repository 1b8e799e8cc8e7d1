using DicomFunctions.Core.Streams;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>
/// One part of an answer. It ends only where its delimiter has arrived; otherwise reading it throws an <see cref="IOException"/>.
/// </summary>
internal sealed class AnswerPart(AnswerParts parts, AnswerType type) : ReadOnlyStream
{
    public AnswerType Type => type;

    public override int Read(Span<byte> buffer) =>
        throw new NotSupportedException("Read an answer asynchronously: a read that waits for the server must be cancellable.");

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        parts.ReadAsync(this, buffer, cancellationToken);

    /// <summary>Copies without a buffer in between.</summary>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        while (await parts.LookAsync(this, cancellationToken).ConfigureAwait(false) is { IsEmpty: false } content)
        {
            await destination.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            parts.Skip(content.Length);
        }
    }
}
