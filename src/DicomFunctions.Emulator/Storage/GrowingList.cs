namespace DicomFunctions.Emulator.Storage;

/// <summary>
/// A list for one writer at a time and any number of readers, without a lock. A reader keeps the items of the moment it asked, in the order
/// in which they were added, however long it takes to read them.
/// </summary>
internal sealed class GrowingList<T>
    where T : class
{
    private volatile Snapshot _current = new([], 0);

    public int Count => _current.Count;

    /// <summary>The current items.</summary>
    public ReadOnlyMemory<T> Items
    {
        get
        {
            var current = _current;
            return current.Array.AsMemory(0, current.Count);
        }
    }

    public void Add(T item)
    {
        var (array, count) = (_current.Array, _current.Count);
        if (count == array.Length)
            Array.Resize(ref array, Math.Max(4, count * 2));

        array[count] = item;
        _current = new Snapshot(array, count + 1);
    }

    public void Remove(T item)
    {
        // Readers of the old array must not notice.
        var rest = Items.ToArray().Where(other => !ReferenceEquals(other, item)).ToArray();
        _current = new Snapshot(rest, rest.Length);
    }

    private sealed record Snapshot(T[] Array, int Count);
}
