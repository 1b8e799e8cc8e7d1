using System.Net.Sockets;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Streams;

namespace DicomFunctions.Core.Sources;

/// <summary>Reads at most the announced length, if there is one, and records why reading failed.</summary>
internal sealed class SourceStream(Stream inner, long? length) : ReadOnlyStream
{
    private long _position;

    public SourceProblem? Problem { get; private set; }

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        buffer = buffer[..Clip(buffer.Length)];
        try
        {
            return Count(buffer.Length, inner.Read(buffer));
        }
        catch (Exception e) when (Fail(e))
        {
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer = buffer[..Clip(buffer.Length)];
        try
        {
            return Count(buffer.Length, await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (Fail(e))
        {
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Clip(int wanted) => length is { } end ? (int)Math.Min(wanted, end - _position) : wanted;

    private int Count(int wanted, int read)
    {
        _position += read;
        if (read == 0 && wanted > 0 && length is not null)
            Problem ??= new(FailureCode.Changed, "The source ended before its announced length: it was truncated meanwhile.");
        return read;
    }

    /// <summary>Records the failure and lets the exception pass. A failure of the object store itself is not the source's.</summary>
    private bool Fail(Exception exception)
    {
        Problem ??= exception switch
        {
            ObjectChangedException => new(FailureCode.Changed, "The source changed while it was being read."),
            ObjectDamagedException => new(FailureCode.Unreadable, "The source cannot be read: its disk is damaged there."),
            OperationCanceledException or ObjectStoreException => null,
            _ when HostTrouble.Is(exception) => null,
            EndOfStreamException or HttpIOException or HttpRequestException or IOException { InnerException: SocketException } =>
                new(FailureCode.Unavailable, "Reading the source broke off part of the way."),
            _ => new(FailureCode.Unreadable, "Reading the source failed part of the way. Try again."),
        };
        return false;
    }
}
