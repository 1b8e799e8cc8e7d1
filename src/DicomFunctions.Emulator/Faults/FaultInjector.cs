using System.Collections.Concurrent;

namespace DicomFunctions.Emulator.Faults;

/// <summary>Sets and clears faults, for all stores or for one, while the emulator runs.</summary>
public sealed class FaultInjector
{
    private readonly ConcurrentDictionary<string, FaultOptions> _byStore = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SyntheticAnswers> _synthetic = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FaultState> _states = new(StringComparer.Ordinal);

    internal FaultInjector(FaultOptions all) => All = all;

    /// <summary>The faults of every store without faults of its own.</summary>
    public FaultOptions All { get; private set; }

    /// <summary>The faults of single stores, by resource name.</summary>
    public IReadOnlyDictionary<string, FaultOptions> Stores => _byStore;

    /// <summary>Stores that answer searches with generated rows, by resource name.</summary>
    public IReadOnlyDictionary<string, SyntheticAnswers> Synthetic => _synthetic;

    /// <summary>Sets the faults of every store without faults of its own. Draws and counts start over, in all stores.</summary>
    public void SetAll(FaultOptions faults)
    {
        All = faults;
        _states.Clear();
    }

    /// <summary>Sets the faults of one store (<c>projects/…/dicomStores/S</c>). Its draws and counts start over.</summary>
    public void Set(string store, FaultOptions faults)
    {
        _byStore[store] = faults;
        _states.TryRemove(store, out _);
    }

    /// <summary>Removes a store's own faults; those of all stores apply to it again.</summary>
    public void Clear(string store)
    {
        _byStore.TryRemove(store, out _);
        _states.TryRemove(store, out _);
    }

    /// <summary>Removes all faults of all stores. Generated answers stay.</summary>
    public void Clear()
    {
        _byStore.Clear();
        SetAll(new FaultOptions());
    }

    /// <summary>Makes a store answer searches with generated rows; null makes it answer with its own again.</summary>
    public void SetSynthetic(string store, SyntheticAnswers? answers)
    {
        if (answers is null)
            _synthetic.TryRemove(store, out _);
        else
            _synthetic[store] = answers;
    }

    internal FaultState StateOf(string store)
    {
        var options = _byStore.GetValueOrDefault(store, All);
        var state = _states.GetOrAdd(store, static (_, options) => new FaultState(options), options);
        if (!ReferenceEquals(state.Options, options))
        {
            // Made from options that were replaced in the meantime.
            _states[store] = state = new FaultState(options);
        }

        return state;
    }

    internal SyntheticAnswers? SyntheticOf(string store) => _synthetic.GetValueOrDefault(store);
}
