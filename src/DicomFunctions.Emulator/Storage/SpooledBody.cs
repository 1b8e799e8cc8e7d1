using System.Buffers;

namespace DicomFunctions.Emulator.Storage;

/// <summary>
/// An instance being received: in a pooled buffer up to <see cref="MemoryLimit"/> bytes, beyond that in a temporary file. Memory is
/// constant whatever the size. Disposal deletes the file unless it has a new owner.
/// </summary>
internal sealed class SpooledBody : IAsyncDisposable
{
    /// <summary>The most bytes of an instance that are held in memory while it is received.</summary>
    public const int MemoryLimit = 1 << 20;
    private const int FirstBuffer = 16 * 1024;
    private readonly string _spoolDirectory;
    private byte[] _buffer;
    private bool _pooled;
    private FileStream? _file;

    /// <summary>
    /// If the length is known, a small body gets an array of exactly that size, which <see cref="TakeBytes"/> returns without a copy.
    /// </summary>
    public SpooledBody(string spoolDirectory, long? length = null)
    {
        _spoolDirectory = spoolDirectory;
        _pooled = length is not (> 0 and <= MemoryLimit);
        _buffer = _pooled ? ArrayPool<byte>.Shared.Rent(FirstBuffer) : GC.AllocateUninitializedArray<byte>((int)length!.Value);
    }

    public long Length { get; private set; }

    /// <summary>The temporary file's path; null while the body is in memory.</summary>
    public string? FilePath { get; private set; }

    /// <summary>The bytes, if they are in memory.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, (int)Length);

    public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
    {
        if (FilePath is null && Length + bytes.Length <= MemoryLimit)
        {
            EnsureCapacity((int)(Length + bytes.Length));
            bytes.CopyTo(_buffer.AsSpan((int)Length));
            Length += bytes.Length;
            return;
        }

        _file ??= await SpillAsync(cancellationToken).ConfigureAwait(false);
        foreach (var segment in bytes)
            await _file.WriteAsync(segment, cancellationToken).ConfigureAwait(false);

        Length += bytes.Length;
    }

    /// <summary>Ends writing; a second call does nothing.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_file is { } file)
        {
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            await file.DisposeAsync().ConfigureAwait(false);
            _file = null;
        }
    }

    /// <summary>Opens a seekable stream over the whole body, after <see cref="CompleteAsync"/>.</summary>
    public Stream OpenRead() => FilePath is { } path
        ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.None)
        : new MemoryStream(_buffer, 0, (int)Length, writable: false);

    /// <summary>The bytes in an array of their own, if they are in memory. The body must not be used afterwards.</summary>
    public byte[] TakeBytes() => !_pooled && Length == _buffer.Length ? _buffer : Memory.ToArray();

    /// <summary>Tells the body that its temporary file has been moved, so that disposal leaves it alone.</summary>
    public void FileTaken() => FilePath = null;

    public async ValueTask DisposeAsync()
    {
        if (_file is not null)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
            _file = null;
        }

        if (FilePath is not null)
        {
            File.Delete(FilePath);
            FilePath = null;
        }

        ReturnBuffer();
        _buffer = [];
    }

    private void ReturnBuffer()
    {
        if (_pooled)
            ArrayPool<byte>.Shared.Return(_buffer);

        _pooled = false;
    }

    private void EnsureCapacity(int needed)
    {
        if (needed <= _buffer.Length)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(MemoryLimit, Math.Max(needed, _buffer.Length * 2)));
        Memory.CopyTo(larger);
        ReturnBuffer();
        _buffer = larger;
        _pooled = true;
    }

    private async ValueTask<FileStream> SpillAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_spoolDirectory);
        FilePath = Path.Combine(_spoolDirectory, Path.GetRandomFileName());
        var file = new FileStream(
            FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 128 * 1024, FileOptions.Asynchronous);
        await file.WriteAsync(Memory, cancellationToken).ConfigureAwait(false);
        return file;
    }
}
