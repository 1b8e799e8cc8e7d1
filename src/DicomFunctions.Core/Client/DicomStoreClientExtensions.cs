using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Core.Client;

/// <summary>Short forms of an <see cref="IDicomStoreClient"/>'s methods, for programs that use files and delegates.</summary>
public static class DicomStoreClientExtensions
{
    /// <summary>Searches, and calls <paramref name="onRow"/> with every matching data set once, as it arrives.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">The search.</param>
    /// <param name="onRow">Receives a DICOM JSON object (PS3.18 §F.2.2), which is valid only during the call.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public static ValueTask<QidoOutcome> SearchAsync(
        this IDicomStoreClient client, QidoRequest request, Action<ReadOnlyMemory<byte>> onRow,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.SearchAsync(request, new DelegateSink(onRow), cancellationToken);
    }

    /// <summary>Retrieves metadata, and calls <paramref name="onDataSet"/> with every instance's data set once, as it arrives.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">What to retrieve.</param>
    /// <param name="onDataSet">Receives a DICOM JSON object (PS3.18 §F.2.2), which is valid only during the call.</param>
    /// <param name="cancellationToken">Cancels the retrieval.</param>
    public static ValueTask<RetrieveOutcome> RetrieveMetadataAsync(
        this IDicomStoreClient client, RetrieveRequest request, Action<ReadOnlyMemory<byte>> onDataSet,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.RetrieveMetadataAsync(request, new DelegateSink(onDataSet), cancellationToken);
    }

    /// <summary>
    /// Stores DICOM files. Returns one outcome for each, in the same order. A file that cannot be read or is not DICOM is a failure with
    /// the reason, and does not keep the others from being stored.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="store">Where to.</param>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    public static async Task<IReadOnlyList<StowOutcome>> StoreFilesAsync(
        this IDicomStoreClient client, DicomStorePath store, IReadOnlyList<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(paths);
        var outcomes = new StowOutcome[paths.Count];
        List<(int Index, StowFile File)> files = [];
        for (var i = 0; i < paths.Count; i++)
        {
            var (file, problem) = await StowFile.OpenAsync(paths[i], cancellationToken).ConfigureAwait(false);
            if (file is not null)
                files.Add((i, file));
            else
                outcomes[i] = problem!;
        }

        var stored = files.Count == 0 ? [] : await client.StoreAsync(
            store, [.. files.Select(file => file.File)], cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < files.Count; i++)
            outcomes[files[i].Index] = stored[i];
        return outcomes;
    }

    /// <summary>
    /// Retrieves instances into a folder, as <c>STUDY/SERIES/INSTANCE.dcm</c>. A file appears whole or not at all; one that is there
    /// already is left as it is.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="request">What to retrieve.</param>
    /// <param name="folder">The folder; created if it is missing.</param>
    /// <param name="cancellationToken">Cancels the retrieval.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static ValueTask<RetrieveOutcome> RetrieveFilesAsync(
        this IDicomStoreClient client, RetrieveRequest request, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.RetrieveInstancesAsync(request, new FolderSink(folder), cancellationToken);
    }

    private sealed class DelegateSink(Action<ReadOnlyMemory<byte>> onDataSet) : IDicomJsonSink
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
        {
            onDataSet(dataset);
            return default;
        }
    }
}
