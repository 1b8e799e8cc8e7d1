using System.Buffers;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Streams;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>The one instance of an answer: what is held of it already, and then the rest as it arrives.</summary>
internal sealed class InstanceStream : ReadOnlyStream
{
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _stop = new();
    private AnswerParts? _parts;
    private AnswerPart? _part;
    private byte[] _held = [];
    private int _heldLength;
    private int _given;
    private bool _isAtEnd;
    private MalformedAnswerException? _excess;

    /// <param name="response">The answer. Disposed with this.</param>
    /// <param name="timeout">How long the server may be silent.</param>
    /// <param name="time">The clock.</param>
    public InstanceStream(HttpResponseMessage response, TimeSpan timeout, TimeProvider time)
    {
        _response = response;
        Idle = new IdleTimer(timeout, time, _stop.Token);
        Idle.Pause();
    }

    /// <summary>Measures the waiting for the server.</summary>
    public IdleTimer Idle { get; }

    /// <summary>What is held of the beginning.</summary>
    public ReadOnlyMemory<byte> Held => _held.AsMemory(0, _heldLength);

    /// <summary>Why the answer cannot be read further; null if it can.</summary>
    public Exception? Failure => _excess ?? _parts?.Failure;

    /// <summary>Takes over the answer.</summary>
    public void Take(AnswerParts parts) => _parts = parts;

    /// <summary>Begins with its first part.</summary>
    public void Begin(AnswerPart part) => _part = part;

    /// <summary>Holds the beginning. True if that is all, and the server has nothing more to send.</summary>
    public async ValueTask<bool> HoldAsync(int least, int most, CancellationToken cancellationToken)
    {
        for (var size = least; ; size = Math.Min(2 * size, most))
        {
            Grow(size);
            var wanted = _held.AsMemory(_heldLength, size - _heldLength);
            _heldLength += await ReadRestAsync(wanted, wanted.Length, cancellationToken).ConfigureAwait(false);
            if (_isAtEnd || size == most)
                return _isAtEnd;
        }
    }

    public override int Read(Span<byte> buffer) =>
        throw new NotSupportedException("Read an answer asynchronously: a read that waits for the server must be cancellable.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _given == _heldLength)
            return buffer.IsEmpty ? 0 : await ReadRestAsync(buffer, 1, cancellationToken).ConfigureAwait(false);
        var count = Math.Min(buffer.Length, _heldLength - _given);
        _held.AsSpan(_given, count).CopyTo(buffer.Span);
        _given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _parts?.Dispose();
            _parts = null;
            _response.Dispose();
            Idle.Dispose();
            _stop.Dispose();
            if (_held.Length > 0)
                ArrayPool<byte>.Shared.Return(_held);
            (_held, _heldLength, _given) = ([], 0, 0);
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads at least so many bytes that are not held, unless the instance ends before.</summary>
    private async ValueTask<int> ReadRestAsync(Memory<byte> buffer, int least, CancellationToken cancellationToken)
    {
        var read = 0;
        // A read that waits knows only the timer.
        var caller = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        await using (caller.ConfigureAwait(false))
        {
            try
            {
                while (read < least && !_isAtEnd)
                {
                    var count = await _part!.ReadAsync(buffer[read..], cancellationToken).ConfigureAwait(false);
                    read += count;
                    if (count == 0)
                        await EndAsync().ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The server fell silent.");
            }
        }

        return read;
    }

    /// <summary>Reads the rest of the answer, which must have no other instance.</summary>
    private async ValueTask EndAsync()
    {
        if (await _parts!.NextAsync().ConfigureAwait(false) is not null)
            throw _excess = new MalformedAnswerException("The answer has more than the one instance asked for.");
        await _parts.FinishAsync().ConfigureAwait(false);
        _isAtEnd = true;
    }

    private void Grow(int size)
    {
        if (_held.Length >= size)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Held.CopyTo(larger);
        if (_held.Length > 0)
            ArrayPool<byte>.Shared.Return(_held);
        _held = larger;
    }
}
