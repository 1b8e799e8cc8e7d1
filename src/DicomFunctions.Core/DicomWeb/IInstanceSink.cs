namespace DicomFunctions.Core.DicomWeb;

/// <summary>Receives the instances of an answer as they arrive.</summary>
public interface IInstanceSink
{
    /// <summary>Receives one instance, from its first byte to its last. The next one is read when the call has ended.</summary>
    /// <param name="content">
    /// The DICOM file: read-only, not seekable, and valid only during the call. What is left of it is skipped. It throws an
    /// <see cref="IOException"/> when the answer breaks off: let it pass, and commit nothing of this instance. It may be given again.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask WriteAsync(Stream content, CancellationToken cancellationToken);
}
