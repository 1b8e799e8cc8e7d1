using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Emulator.Storage;

/// <summary>All stores of the emulator. A store is created when it is first used, unless only listed ones exist.</summary>
internal sealed class StoreCatalog
{
    private readonly ConcurrentDictionary<string, DicomStore> _stores = new(StringComparer.Ordinal);
    private readonly IInstanceFiles _files;
    private readonly bool _onlyListed;
    private readonly Action<StoreName> _created;

    public StoreCatalog(IInstanceFiles files, IEnumerable<StoreName> listed, bool onlyListed, Action<StoreName> created)
    {
        _files = files;
        _created = created;
        _onlyListed = onlyListed;
        foreach (var name in listed)
            Create(name);
    }

    public IEnumerable<DicomStore> All => _stores.Values.OrderBy(store => store.Name.Path, StringComparer.Ordinal);

    /// <summary>
    /// Finds a store by its resource name, creating it if allowed. False if the name is invalid or there is no such store.
    /// </summary>
    public bool TryGet(ReadOnlySpan<char> path, out bool validName, [NotNullWhen(true)] out DicomStore? store)
    {
        validName = true;
        if (_stores.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out store))
            return true;

        validName = StoreName.TryParse(path, out var name);
        store = validName && !_onlyListed ? Create(name!) : null;
        return store is not null;
    }

    /// <summary>
    /// Loads the instances that an earlier process kept. Files that are not whole instances stay in place and are not served.
    /// </summary>
    public void Load()
    {
        Parallel.ForEach(_files.Load(), new ParallelOptions { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) }, file =>
        {
            try
            {
                using var stream = file.Content.OpenRead();
                var header = InstanceHeader.Read(stream);
                if (header.IsIdentified)
                    Create(file.Store).Index(header, file.Content);
            }
            catch (Exception exception) when (exception is Dicom.DicomFormatException or IOException)
            {
                // An unreadable file was never confirmed as stored.
            }
        });
    }

    private DicomStore Create(StoreName name)
    {
        if (_stores.TryGetValue(name.Path, out var present))
            return present;

        var fresh = new DicomStore(name, _files);
        var store = _stores.GetOrAdd(name.Path, fresh);
        if (ReferenceEquals(store, fresh))
            _created(name);

        return store;
    }
}
