using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>
/// Talks to DICOM stores. The default speaks DICOMweb over HTTP; register another to replace it, as Beam's <c>client</c> does.
/// </summary>
/// <remarks>
/// What a server or the network refuses is a value, never an exception. Only cancellation, and failures of the sink or a source's
/// own infrastructure, are thrown.
/// </remarks>
public interface IDicomStoreClient
{
    /// <summary>Searches (QIDO-RS, PS3.18 §10.6) and writes every matching data set to <paramref name="results"/>, each once.</summary>
    ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken);

    /// <summary>Stores instances (STOW-RS, PS3.18 §10.5). One outcome per instance, in their order.</summary>
    Task<IReadOnlyList<StowOutcome>> StoreAsync(
        DicomStorePath store, IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken);
}
