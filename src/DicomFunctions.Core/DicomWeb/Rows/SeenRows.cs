using System.Diagnostics;

namespace DicomFunctions.Core.DicomWeb.Rows;

/// <summary>
/// The rows of an answer, as 16-byte keys in open addressing. With room to grow, a row takes at most 40 bytes, so a million rows
/// take 40 MB.
/// </summary>
/// <remarks>From <see cref="SplitAt"/> rows, uses many tables that grow one by one, so that growing never needs twice the memory.</remarks>
internal sealed class SeenRows
{
    private const int FirstCapacity = 16;
    private const int SplitAt = 4096;
    private const int PartBits = 6;

    private Table[] _tables = [new Table(FirstCapacity)];

    /// <summary>Adds a row. False if it was seen before. The key's bits must be evenly distributed, like those of a hash.</summary>
    public bool Add(UInt128 key)
    {
        if (_tables.Length > 1)
            return _tables[Part(key)].Add(key);
        var isNew = _tables[0].Add(key);
        if (_tables[0].Count == SplitAt)
            Split();
        return isNew;
    }

    private void Split()
    {
        var tables = new Table[1 << PartBits];
        for (var part = 0; part < tables.Length; part++)
            tables[part] = new Table(SplitAt >> PartBits);
        foreach (var key in _tables[0].Keys)
            tables[Part(key)].Add(key);
        _tables = tables;
    }

    private static int Part(UInt128 key) => (int)(key >> (128 - PartBits));

    private sealed class Table(int capacity)
    {
        private UInt128[] _slots = new UInt128[capacity];

        public int Count { get; private set; }

        public IEnumerable<UInt128> Keys => _slots.Where(key => key != 0);

        public bool Add(UInt128 key)
        {
            // An empty slot is 0, so a key of 0 is stored as 1, at a chance of 2^-127.
            if (key == 0)
                key = 1;
            if ((Count + 1) * 8L > _slots.Length * 7L)
                Grow();
            ref var slot = ref Find(_slots, key);
            if (slot == key)
                return false;
            slot = key;
            Count++;
            return true;
        }

        private void Grow()
        {
            var slots = new UInt128[_slots.Length * 2];
            foreach (var key in Keys)
                Find(slots, key) = key;
            _slots = slots;
        }

        /// <summary>The slot of the key, or the free slot to put it in.</summary>
        private static ref UInt128 Find(UInt128[] slots, UInt128 key)
        {
            Debug.Assert(int.IsPow2(slots.Length));
            var mask = slots.Length - 1;
            for (var at = (int)(ulong)key & mask; ; at = (at + 1) & mask)
            {
                ref var slot = ref slots[at];
                if (slot == key || slot == 0)
                    return ref slot;
            }
        }
    }
}
