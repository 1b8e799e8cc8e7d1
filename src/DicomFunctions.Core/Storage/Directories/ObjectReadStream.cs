using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Streams;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>
/// Reads a range of an open file. Asynchronous reads are synchronous too: on Unix, .NET can only read a file by blocking a thread, and
/// most of these bytes were written recently and are in memory.
/// </summary>
/// <param name="file">The file, disposed with this.</param>
/// <param name="start">The start of the range in the file.</param>
/// <param name="length">The length of the range, within the file.</param>
/// <param name="verify">Called when the range has been read. Returns whether the file is still the one that was opened.</param>
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
                throw new ObjectChangedException("The object changed while it was being read.");
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
