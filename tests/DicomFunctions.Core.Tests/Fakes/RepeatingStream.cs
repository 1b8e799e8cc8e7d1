namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>A beginning, and then the same again and again without end.</summary>
internal sealed class RepeatingStream(byte[] beginning, byte[] rest) : MemoryStream(beginning)
{
    private byte[] _current = beginning;
    private int _position;

    /// <summary>How many bytes were read.</summary>
    public long Given { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _current.Length)
            (_current, _position) = (rest, 0);
        var count = Math.Min(buffer.Length, _current.Length - _position);
        _current.AsMemory(_position, count).CopyTo(buffer);
        _position += count;
        Given += count;
        return ValueTask.FromResult(count);
    }
}
