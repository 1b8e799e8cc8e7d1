using System.Collections.Concurrent;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;

namespace DicomFunctions.Core.Jobs;

/// <summary>Finds where the files of jobs go: <c>retrieved/JOB/</c> in the object store, or the folder that the job names.</summary>
internal sealed class RetrievedPlaces(IObjectStore store) : IDisposable
{
    /// <summary>The container of retrieved files in the object store.</summary>
    public const string Root = "retrieved";

    private readonly ConcurrentDictionary<string, Lazy<DirectoryObjectStore>> _folders = new(StringComparer.Ordinal);

    /// <summary>The prefix of a job's files in the object store.</summary>
    public static string PrefixOf(string job) => $"{Root}/{job}/";

    /// <summary>Where the files of a job go.</summary>
    /// <exception cref="ObjectStoreException">The job's folder cannot be created or written to.</exception>
    public RetrievedPlace Of(JobSpec spec) => spec.Folder is { } folder
        ? new RetrievedPlace(_folders.GetOrAdd(folder, Open).Value, "", folder)
        : new RetrievedPlace(store, PrefixOf(spec.Id), Folder: null);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var folder in _folders.Values.Where(folder => folder.IsValueCreated))
        {
            folder.Value.Dispose();
            folder.Value.RemoveOwnFolder();
        }
    }

    private static Lazy<DirectoryObjectStore> Open(string folder) =>
        new(() => new DirectoryObjectStore(folder), LazyThreadSafetyMode.PublicationOnly);
}
