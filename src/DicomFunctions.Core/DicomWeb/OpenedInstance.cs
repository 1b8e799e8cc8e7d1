namespace DicomFunctions.Core.DicomWeb;

/// <summary>An instance that is open for reading once, from its start.</summary>
/// <param name="content">
/// The DICOM file: read-only and not seekable. It ends only where the instance does, and otherwise throws an <see cref="IOException"/>.
/// Disposed with this.
/// </param>
/// <param name="length">The file's length in bytes; null if the server does not say and it is too long to be known by now.</param>
public sealed class OpenedInstance(Stream content, long? length) : IAsyncDisposable
{
    public Stream Content => content;

    public long? Length => length;

    public ValueTask DisposeAsync() => content.DisposeAsync();
}
