using System.Collections.Concurrent;

namespace DicomFunctions.Emulator.Faults;

/// <summary>Sets what goes wrong, for all stores or for one, at any time while the emulator runs.</summary>
public sealed class FaultInjector
{
    private readonly ConcurrentDictionary<string, FaultOptions> _byStore = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SyntheticAnswers> _synthetic = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FaultState> _states = new(StringComparer.Ordinal);

    internal FaultInjector(FaultOptions all) => All = all;

    /// <summary>The faults of every store that has none of its own.</summary>
    public FaultOptions All { get; private set; }

    /// <summary>The faults of single stores, by resource name.</summary>
    public IReadOnlyDictionary<string, FaultOptions> Stores => _byStore;

    /// <summary>Stores that answer searches with generated rows, by resource name.</summary>
    public IReadOnlyDictionary<string, SyntheticAnswers> Synthetic => _synthetic;

    /// <summary>Sets the faults of every store that has none of its own. Draws and counts begin anew.</summary>
    public void SetAll(FaultOptions faults)
    {
        All = faults;
        _states.Clear();
    }

    /// <summary>Sets the faults of one store (<c>projects/…/dicomStores/S</c>). Its draws and counts begin anew.</summary>
    public void Set(string store, FaultOptions faults)
    {
        _byStore[store] = faults;
        _states.TryRemove(store, out _);
    }

    /// <summary>Gives a store back to the faults of all.</summary>
    public void Clear(string store)
    {
        _byStore.TryRemove(store, out _);
        _states.TryRemove(store, out _);
    }

    /// <summary>Ends all faults everywhere. Generated answers stay.</summary>
    public void Clear()
    {
        _byStore.Clear();
        SetAll(new FaultOptions());
    }

    /// <summary>Makes one store answer searches with generated rows, or with its own again when null.</summary>
    public void SetSynthetic(string store, SyntheticAnswers? answers)
    {
        if (answers is null)
        {
            _synthetic.TryRemove(store, out _);
        }
        else
        {
            _synthetic[store] = answers;
        }
    }

    internal FaultState StateOf(string store)
    {
        var options = _byStore.GetValueOrDefault(store, All);
        var state = _states.GetOrAdd(store, static (_, options) => new FaultState(options), options);
        if (!ReferenceEquals(state.Options, options))
        {
            // Made from the options of a moment ago, while they were being set.
            _states[store] = state = new FaultState(options);
        }

        return state;
    }

    internal SyntheticAnswers? SyntheticOf(string store) => _synthetic.GetValueOrDefault(store);
}
