using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>
/// Accesses DICOM stores. The default uses DICOMweb over HTTP; register another to replace it, like Beam's <c>client</c>.
/// </summary>
/// <remarks>
/// A refusal by a server or a network failure is a value, never an exception. Only cancellation, and failures of the sink or of a
/// source's own infrastructure, throw.
/// </remarks>
public interface IDicomStoreClient
{
    /// <summary>Searches (QIDO-RS, PS3.18 §10.6) and writes every matching data set to <paramref name="results"/> exactly once.</summary>
    ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken);

    /// <summary>Stores instances (STOW-RS, PS3.18 §10.5). Returns one outcome for each instance, in the same order.</summary>
    Task<IReadOnlyList<StowOutcome>> StoreAsync(
        DicomStorePath store, IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken);

    /// <summary>
    /// Retrieves metadata (WADO-RS, PS3.18 §10.4.1.1.2): writes the data set of every instance, without its bulk data, to
    /// <paramref name="results"/> exactly once.
    /// </summary>
    ValueTask<RetrieveOutcome> RetrieveMetadataAsync(
        RetrieveRequest request, IDicomJsonSink results, CancellationToken cancellationToken);

    /// <summary>
    /// Retrieves instances (WADO-RS, PS3.18 §10.4.1.1.1) and gives each to <paramref name="instances"/> as it arrives. After a failure, it
    /// asks for all of them again, so the sink may receive an instance more than once.
    /// </summary>
    ValueTask<RetrieveOutcome> RetrieveInstancesAsync(
        RetrieveRequest request, IInstanceSink instances, CancellationToken cancellationToken);

    /// <summary>Retrieves one instance (WADO-RS, PS3.18 §10.4.1.1.1) and leaves it open, for the caller to read at its own pace.</summary>
    /// <param name="request">Names an instance.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    ValueTask<InstanceOpening> OpenInstanceAsync(RetrieveRequest request, CancellationToken cancellationToken);
}
