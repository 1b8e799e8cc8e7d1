using System.Diagnostics;

namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>
/// The rows a search has seen, by their keys: 16 bytes each in open addressing, at most 40 a row with the room to grow. A million rows
/// are told apart in 40 MB.
/// </summary>
/// <remarks>From <see cref="SplitAt"/> rows on they are kept in many tables, which grow one by one: no moment needs twice the memory.</remarks>
internal sealed class SeenRows
{
    private const int FirstCapacity = 16;
    private const int SplitAt = 4096;
    private const int PartBits = 6;

    private Table[] _tables = [new Table(FirstCapacity)];

    /// <summary>Adds a row; false when it was seen before. The key's bits must be spread evenly, as those of a hash are.</summary>
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
            // An empty slot is 0. A key of 0 shares its place with 1: one chance in 2^127.
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

        /// <summary>The key's slot, or the free one where it goes.</summary>
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
