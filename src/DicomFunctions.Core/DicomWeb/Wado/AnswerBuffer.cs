using System.Buffers;
using System.Runtime.ExceptionServices;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>
/// The bytes of an answer that have arrived but were not read, in one buffer. Time counts as idle only while it waits for the server, not
/// while the caller is busy with what has arrived.
/// </summary>
/// <param name="body">Not owned.</param>
/// <param name="idle">Measures the waiting, and cancels it.</param>
internal sealed class AnswerBuffer(Stream body, IdleTimer idle) : IDisposable
{
    private const int Size = 128 * 1024;

    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(Size);
    private int _start;
    private int _end;

    /// <summary>Why the answer cannot be read further; null if it can.</summary>
    public Exception? Failure { get; set; }

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>The first bytes that were not read. Valid until more is read.</summary>
    public ReadOnlyMemory<byte> First(int count) => _bytes.AsMemory(_start, count);

    /// <summary>Puts bytes before the body.</summary>
    public void Prepend(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes);
        _end = bytes.Length;
    }

    public void Skip(int count) => _start += count;

    /// <summary>Reads more of the body; false at its end.</summary>
    public async ValueTask<bool> FillAsync()
    {
        if (Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
        else if (_end == _bytes.Length)
        {
            Unread.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        idle.Resume();
        try
        {
            var read = await body.ReadAsync(_bytes.AsMemory(_end), idle.Token).ConfigureAwait(false);
            idle.Received(read);
            _end += read;
            return read > 0;
        }
        catch (Exception exception)
        {
            Failure = exception;
            throw;
        }
        finally
        {
            idle.Pause();
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
