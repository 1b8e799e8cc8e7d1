using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>A file on a disk that is damaged from some place on.</summary>
internal sealed class DamagedStream(byte[] content, int whole) : MemoryStream(content, 0, whole, writable: false)
{
    public override int Read(Span<byte> buffer) =>
        base.Read(buffer) is > 0 and var read ? read : throw new ObjectDamagedException("A bad block.");

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
}
