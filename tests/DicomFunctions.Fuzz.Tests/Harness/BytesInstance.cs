using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>Any bytes, to be sent as if they were a file.</summary>
internal sealed class BytesInstance(byte[] content) : StowInstance
{
    public override long? Length => content.Length;

    public override Part10Header Header { get; } = new() { TransferSyntaxUid = "1.2", HasPreamble = true };

    public override async Task CopyToAsync(Stream target, Action progress, CancellationToken cancellationToken) =>
        await target.WriteAsync(content, cancellationToken);
}
