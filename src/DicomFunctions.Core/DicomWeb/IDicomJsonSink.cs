namespace DicomFunctions.Core.DicomWeb;

/// <summary>Takes the data sets of an answer as they come.</summary>
public interface IDicomJsonSink
{
    /// <summary>Takes one DICOM JSON object (PS3.18 §F.2.2) without line breaks. The bytes are lent: copy what is kept.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken);
}
