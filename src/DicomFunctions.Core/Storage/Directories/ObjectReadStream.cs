using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Streams;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>
/// Reads a range of an open file. Reads are synchronous under the asynchronous name as well: .NET has no other way to read a
/// file on Unix than a thread that waits, and most of what is read here was written a moment ago and is in memory.
/// </summary>
/// <param name="file">Owned.</param>
/// <param name="start">Of the range, in the file.</param>
/// <param name="length">Of the range, already clipped to the file.</param>
/// <param name="verify">Called once the range has been read: whether the file is still what was opened.</param>
internal sealed class ObjectReadStream(SafeFileHandle file, long start, long length, Func<SafeFileHandle, bool>? verify) : ReadOnlyStream
{
    private Func<SafeFileHandle, bool>? _verify = verify;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));
        if (wanted == 0)
            return 0;
        int read;
        try
        {
            read = RandomAccess.Read(file, buffer[..wanted], start + _position);
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            throw StoreError.From("read an object", exception);
        }

        _position += read;
        if (_verify is not null && (read == 0 || _position == length))
        {
            if (!_verify(file))
                throw new ObjectChangedException("The object was changed while it was read.");
            _verify = null;
        }

        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        try
        {
            return new ValueTask<int>(Read(buffer.Span));
        }
        catch (IOException exception)
        {
            return ValueTask.FromException<int>(exception);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
