namespace DicomFunctions.Core.DicomWeb;

/// <summary>Receives the data sets of an answer as they arrive.</summary>
public interface IDicomJsonSink
{
    /// <summary>Receives one DICOM JSON object (PS3.18 §F.2.2) without line breaks. The bytes are valid only during the call.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken);
}
