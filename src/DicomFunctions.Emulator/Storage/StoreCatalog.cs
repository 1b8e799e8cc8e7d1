using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Emulator.Storage;

/// <summary>All stores of the emulator, made on first use unless only listed ones may be.</summary>
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
        {
            Create(name);
        }
    }

    public IEnumerable<DicomStore> All => _stores.Values.OrderBy(store => store.Name.Path, StringComparer.Ordinal);

    /// <summary>The store of a resource name, made when it may be. False when the name is no store's or the store does not exist.</summary>
    public bool TryGet(ReadOnlySpan<char> path, out bool validName, [NotNullWhen(true)] out DicomStore? store)
    {
        validName = true;
        if (_stores.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out store))
        {
            return true;
        }

        validName = StoreName.TryParse(path, out var name);
        store = validName && !_onlyListed ? Create(name!) : null;
        return store is not null;
    }

    /// <summary>Reads what an earlier process kept. Files that are not whole instances are left where they are, and not served.</summary>
    public void Load()
    {
        Parallel.ForEach(_files.Load(), new ParallelOptions { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) }, file =>
        {
            try
            {
                using var stream = file.Content.OpenRead();
                var header = InstanceHeader.Read(stream);
                if (header.IsIdentified)
                {
                    Create(file.Store).Index(header, file.Content);
                }
            }
            catch (Exception error) when (error is Dicom.DicomFormatException or IOException)
            {
                // What cannot be read cannot be served; it was not confirmed as stored either.
            }
        });
    }

    private DicomStore Create(StoreName name)
    {
        if (_stores.TryGetValue(name.Path, out var present))
        {
            return present;
        }

        var fresh = new DicomStore(name, _files);
        var store = _stores.GetOrAdd(name.Path, fresh);
        if (ReferenceEquals(store, fresh))
        {
            _created(name);
        }

        return store;
    }
}
