using System.Buffers;

namespace DicomFunctions.Emulator.Storage;

/// <summary>
/// The bytes of one instance on their way in: in a pooled buffer while they are few, in a temporary file from <see cref="MemoryLimit"/> on.
/// Memory is constant whatever the size. What nobody takes over is removed on disposal.
/// </summary>
internal sealed class SpooledBody(string spoolDirectory) : IAsyncDisposable
{
    /// <summary>Bytes up to which an instance stays in memory on its way in.</summary>
    public const int MemoryLimit = 1 << 20;
    private const int FirstBuffer = 64 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private FileStream? _file;

    public long Length { get; private set; }

    /// <summary>The temporary file's path, or null while everything is in memory.</summary>
    public string? FilePath { get; private set; }

    /// <summary>The bytes, when they are in memory.</summary>
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
        {
            await _file.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
        }

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

    /// <summary>A seekable stream over everything, after <see cref="CompleteAsync"/>.</summary>
    public Stream OpenRead() => FilePath is { } path
        ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.None)
        : new MemoryStream(_buffer, 0, (int)Length, writable: false);

    /// <summary>Says that the temporary file has a new owner (it was moved), so that disposal leaves it alone.</summary>
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

        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void EnsureCapacity(int needed)
    {
        if (needed <= _buffer.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(MemoryLimit, Math.Max(needed, _buffer.Length * 2)));
        Memory.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private async ValueTask<FileStream> SpillAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(spoolDirectory);
        FilePath = Path.Combine(spoolDirectory, Path.GetRandomFileName());
        var file = new FileStream(FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 128 * 1024, FileOptions.Asynchronous);
        await file.WriteAsync(Memory, cancellationToken).ConfigureAwait(false);
        return file;
    }
}
