using System.Collections;
using System.Collections.Generic;
using System.Text;

namespace Google.Protobuf
{
    public sealed class ByteString : IEnumerable<byte>, IEquatable<ByteString>
    {
        private readonly byte[] _bytes;

        internal ByteString(byte[] bytes) => _bytes = bytes;

        public static ByteString Empty { get; } = new([]);

        public int Length => _bytes.Length;

        public bool IsEmpty => Length == 0;

        public ReadOnlySpan<byte> Span => _bytes;

        public ReadOnlyMemory<byte> Memory => _bytes;

        public static ByteString CopyFrom(params byte[] bytes) => new((byte[])bytes.Clone());

        public static ByteString CopyFrom(byte[] bytes, int offset, int count) => new(bytes.AsSpan(offset, count).ToArray());

        public static ByteString CopyFrom(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());

        public static ByteString CopyFrom(string text, Encoding encoding) => new(encoding.GetBytes(text));

        public static ByteString CopyFromUtf8(string text) => CopyFrom(text, Encoding.UTF8);

        public static ByteString FromBase64(string bytes) => new(Convert.FromBase64String(bytes));

        public byte[] ToByteArray() => (byte[])_bytes.Clone();

        public string ToBase64() => Convert.ToBase64String(_bytes);

        public string ToStringUtf8() => Encoding.UTF8.GetString(_bytes);

        public IEnumerator<byte> GetEnumerator() => ((IEnumerable<byte>)_bytes).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public bool Equals(ByteString other) => other is not null && Span.SequenceEqual(other.Span);

        public override bool Equals(object obj) => Equals(obj as ByteString);

        public override int GetHashCode() => Length;
    }
}

namespace Google.Protobuf.Collections
{
    public sealed class RepeatedField<T> : IList<T>, IReadOnlyList<T>
    {
        private readonly List<T> _items = [];

        public int Count => _items.Count;

        public bool IsReadOnly => false;

        public T this[int index]
        {
            get => _items[index];
            set => _items[index] = value;
        }

        public void Add(T item) => _items.Add(item);

        public void Add(IEnumerable<T> values) => _items.AddRange(values);

        public void AddRange(IEnumerable<T> values) => _items.AddRange(values);

        public void Clear() => _items.Clear();

        public bool Contains(T item) => _items.Contains(item);

        public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public int IndexOf(T item) => _items.IndexOf(item);

        public void Insert(int index, T item) => _items.Insert(index, item);

        public bool Remove(T item) => _items.Remove(item);

        public void RemoveAt(int index) => _items.RemoveAt(index);
    }

    public sealed class MapField<TKey, TValue> : IDictionary<TKey, TValue>, IReadOnlyDictionary<TKey, TValue>
    {
        private readonly Dictionary<TKey, TValue> _entries = [];

        public ICollection<TKey> Keys => _entries.Keys;

        public ICollection<TValue> Values => _entries.Values;

        public int Count => _entries.Count;

        public bool IsReadOnly => false;

        IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

        IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

        public TValue this[TKey key]
        {
            get => _entries[key];
            set => _entries[key] = value;
        }

        public void Add(TKey key, TValue value) => _entries.Add(key, value);

        public void Add(IDictionary<TKey, TValue> entries)
        {
            foreach (var (key, value) in entries)
            {
                Add(key, value);
            }
        }

        void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

        public void Clear() => _entries.Clear();

        bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item)
            => ((ICollection<KeyValuePair<TKey, TValue>>)_entries).Contains(item);

        public bool ContainsKey(TKey key) => _entries.ContainsKey(key);

        void ICollection<KeyValuePair<TKey, TValue>>.CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
            => ((ICollection<KeyValuePair<TKey, TValue>>)_entries).CopyTo(array, arrayIndex);

        public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _entries.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public bool Remove(TKey key) => _entries.Remove(key);

        bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item)
            => ((ICollection<KeyValuePair<TKey, TValue>>)_entries).Remove(item);

        public bool TryGetValue(TKey key, out TValue value) => _entries.TryGetValue(key, out value);
    }
}

namespace Google.Protobuf.WellKnownTypes
{
    public sealed class Timestamp
    {
        public long Seconds { get; set; }

        public int Nanos { get; set; }

        public static Timestamp FromDateTimeOffset(DateTimeOffset dateTimeOffset)
        {
            var seconds = dateTimeOffset.ToUnixTimeSeconds();
            var ticks = dateTimeOffset.UtcTicks - DateTimeOffset.FromUnixTimeSeconds(seconds).UtcTicks;
            return new Timestamp { Seconds = seconds, Nanos = (int)(ticks * 100) };
        }

        public static Timestamp FromDateTime(DateTime dateTime) => FromDateTimeOffset(new DateTimeOffset(dateTime));

        public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanos / 100);

        public DateTime ToDateTime() => ToDateTimeOffset().UtcDateTime;
    }
}
