using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Testing;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>An instance to store, from memory.</summary>
internal sealed class FakeInstance(byte[] bytes) : StowInstance
{
    public static FakeInstance Of(string? uid, int pixelBytes = 4, byte pixel = 0x40) =>
        new(Some.DicomFile(instance: uid, pixelBytes: pixelBytes, pixel: pixel));

    public byte[] Bytes => bytes;

    public override long? Length => bytes.Length;

    public override Part10Header Header { get; } = Part10Header.Read(bytes, isWhole: true).Header!;

    /// <summary>Thrown after half of the bytes were copied.</summary>
    public Exception? Failure { get; init; }

    public override async Task CopyToAsync(Stream target, Action progress, CancellationToken cancellationToken)
    {
        var half = bytes.Length / 2;
        await target.WriteAsync(bytes.AsMemory(0, half), cancellationToken);
        progress();
        if (Failure is not null)
            throw Failure;
        await target.WriteAsync(bytes.AsMemory(half), cancellationToken);
        progress();
    }
}
