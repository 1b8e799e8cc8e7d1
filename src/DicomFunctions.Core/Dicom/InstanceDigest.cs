using System.Security.Cryptography;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// A digest of a DICOM file that is written to it, to compare files without holding them. Files are the same if all bytes are or, since a
/// store may rewrite preamble and file meta information, if data set and transfer syntax are.
/// </summary>
internal sealed class InstanceDigest : Stream
{
    private const int MaxBeginning = 1 << 20;

    private readonly IncrementalHash _file = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _dataSet = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private MemoryStream? _beginning = new(); // until the start of the data set is found
    private string? _transferSyntax;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The number of bytes written.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the two files are the same. Both must be complete.</summary>
    public bool IsSameAs(InstanceDigest other) =>
        _file.GetCurrentHash().AsSpan().SequenceEqual(other._file.GetCurrentHash())
        || (_transferSyntax is not null && _transferSyntax == other._transferSyntax
            && _dataSet.GetCurrentHash().AsSpan().SequenceEqual(other._dataSet.GetCurrentHash()));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Bytes += buffer.Length;
        _file.AppendData(buffer);
        if (_transferSyntax is not null)
        {
            _dataSet.AppendData(buffer);
        }
        else if (_beginning is not null)
        {
            _beginning.Write(buffer);
            FindDataSet(_beginning.GetBuffer().AsSpan(0, (int)_beginning.Length));
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _dataSet.Dispose();
        }

        base.Dispose(disposing);
    }

    private void FindDataSet(ReadOnlySpan<byte> beginning)
    {
        var scan = new Part10Scan(length: null);
        var rest = beginning;
        var isNotDicom = scan.Read(ref rest, isEnd: false).IsNotDicom;
        if (scan is { DataSetStart: { } start, TransferSyntax: { } syntax } && !isNotDicom)
        {
            _transferSyntax = syntax;
            _dataSet.AppendData(beginning[(int)start..]);
            _beginning = null;
        }
        else if (isNotDicom || beginning.Length > MaxBeginning)
        {
            _beginning = null;
        }
    }
}
