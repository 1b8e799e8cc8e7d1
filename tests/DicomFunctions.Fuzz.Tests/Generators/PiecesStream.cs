namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Gives its content in pieces, at once: reading it never leaves the thread.</summary>
internal sealed class PiecesStream(byte[] content, int[] sizes)
    : MemoryStream(content, 0, content.Length, writable: false, publiclyVisible: true)
{
    private int _reads;

    public override int Read(byte[] buffer, int offset, int count) =>
        base.Read(buffer, offset, Math.Min(sizes[_reads++ % sizes.Length], count));

    public override int Read(Span<byte> buffer)
    {
        var piece = (int)Math.Min(Math.Min(sizes[_reads++ % sizes.Length], buffer.Length), Length - Position);
        GetBuffer().AsSpan((int)Position, piece).CopyTo(buffer);
        Position += piece;
        return piece;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
}
