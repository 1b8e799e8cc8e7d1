namespace System.IO.Hashing
{
    // All that Azure.Storage.Common asks of this assembly: its own CRC-64 derives from it.
    public abstract class NonCryptographicHashAlgorithm
    {
        protected NonCryptographicHashAlgorithm(int hashLengthInBytes) => HashLengthInBytes = hashLengthInBytes;

        public int HashLengthInBytes { get; }

        public abstract void Append(ReadOnlySpan<byte> source);

        public abstract void Reset();

        protected abstract void GetCurrentHashCore(Span<byte> destination);

        protected virtual void GetHashAndResetCore(Span<byte> destination)
        {
            GetCurrentHashCore(destination);
            Reset();
        }

        public void Append(byte[] source) => Append(source.AsSpan());

        public void Append(Stream stream) => throw new NotSupportedException("contract");

        public byte[] GetCurrentHash()
        {
            var hash = new byte[HashLengthInBytes];
            GetCurrentHashCore(hash);
            return hash;
        }

        public int GetCurrentHash(Span<byte> destination)
        {
            GetCurrentHashCore(destination[..HashLengthInBytes]);
            return HashLengthInBytes;
        }

        public byte[] GetHashAndReset()
        {
            var hash = new byte[HashLengthInBytes];
            GetHashAndResetCore(hash);
            return hash;
        }

        public int GetHashAndReset(Span<byte> destination)
        {
            GetHashAndResetCore(destination[..HashLengthInBytes]);
            return HashLengthInBytes;
        }
    }
}
