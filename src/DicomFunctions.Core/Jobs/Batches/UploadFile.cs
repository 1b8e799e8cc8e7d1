using System.Buffers;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>A file to store: in memory if it is small and there is room, otherwise streamed from its source.</summary>
internal sealed class UploadFile : StowInstance, IDisposable
{
    private const int CopyBuffer = 256 * 1024;
    private static readonly SourceProblem Changed = new(SourceProblemCode.Changed, "The source changed while it was read. Send it again.");

    private readonly Func<CancellationToken, Task<SourceOpening>> _open;
    private readonly string? _version;
    private readonly UploadMemory _memory;
    private byte[]? _bytes;

    private UploadFile(
        Func<CancellationToken, Task<SourceOpening>> open, OpenedSource source, UploadMemory memory, byte[]? bytes, Part10Header header)
    {
        _open = open;
        _version = source.Version;
        _memory = memory;
        _bytes = bytes;
        Length = source.Length;
        Header = header;
    }

    public override long Length { get; }

    public override Part10Header Header { get; }

    /// <summary>Opens a source and reads its header. Null, with a problem, if it cannot be stored.</summary>
    public static async Task<(UploadFile? File, SourceProblem? Problem)> OpenAsync(
        Func<CancellationToken, Task<SourceOpening>> open,
        UploadInput input,
        long maxInMemory,
        UploadMemory memory,
        CancellationToken cancellationToken)
    {
        if (input.Problem is not null)
            return (null, input.Problem);
        var opening = await open(cancellationToken).ConfigureAwait(false);
        if (!opening.IsOpen)
            return (null, opening.Problem);
        var source = opening.Opened;
        await using (source.ConfigureAwait(false))
        {
            if (input.Version is not null && input.Version != source.Version)
                return (null, Changed);
            var inMemory = source.Length <= maxInMemory && memory.TryTake(source.Length);
            var bytes = inMemory ? ArrayPool<byte>.Shared.Rent((int)source.Length) : null;
            UploadFile? file = null;
            try
            {
                var (header, problem) = await ReadHeaderAsync(source, bytes, cancellationToken).ConfigureAwait(false);
                if (problem is null && inMemory && !await source.IsUnchangedAsync(cancellationToken).ConfigureAwait(false))
                    problem = source.ReadProblem ?? Changed;
                if (problem is not null)
                    return (null, problem);
                file = new UploadFile(open, source, memory, bytes, header!);
                return (file, null);
            }
            finally
            {
                if (file is null && bytes is not null)
                {
                    ArrayPool<byte>.Shared.Return(bytes);
                    memory.GiveBack(source.Length);
                }
            }
        }
    }

    public override async Task CopyToAsync(Stream target, Action progress, CancellationToken cancellationToken)
    {
        if (_bytes is not null)
        {
            // In pieces: otherwise a slow network shows no progress until the whole file is sent.
            for (var rest = _bytes.AsMemory(0, (int)Length); !rest.IsEmpty;)
            {
                var piece = rest[..Math.Min(rest.Length, CopyBuffer)];
                await target.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                progress();
                rest = rest[piece.Length..];
            }

            return;
        }

        var opening = await _open(cancellationToken).ConfigureAwait(false);
        if (!opening.IsOpen)
            throw new StowSourceException(opening.Problem.Message);
        var source = opening.Opened;
        await using (source.ConfigureAwait(false))
        {
            if (source.Version != _version || source.Length != Length)
                throw new StowSourceException(Changed.Message);
            await CopyAsync(source, target, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_bytes is null)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        _memory.GiveBack(Length);
    }

    private static async Task CopyAsync(OpenedSource source, Stream target, Action progress, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            var left = source.Length;
            while (left > 0)
            {
                var read = await ReadAsync(source, buffer, cancellationToken).ConfigureAwait(false);
                left -= read;
                // Holds back the last bytes until all are known to be of one version: an incomplete request stores nothing.
                if (left == 0 && !await source.IsUnchangedAsync(cancellationToken).ConfigureAwait(false))
                    throw new StowSourceException((source.ReadProblem ?? Changed).Message);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                progress();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> ReadAsync(OpenedSource source, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var read = await source.Content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return read > 0 ? read : throw new StowSourceException((source.ReadProblem ?? Changed).Message);
        }
        catch (Exception exception)
            when (source.ReadProblem is { } problem && exception is not (OperationCanceledException or StowSourceException))
        {
            throw new StowSourceException(problem.Message, exception);
        }
    }

    /// <summary>Reads the header from memory, or as much of the source as it takes.</summary>
    private static async Task<(Part10Header? Header, SourceProblem? Problem)> ReadHeaderAsync(
        OpenedSource source, byte[]? bytes, CancellationToken cancellationToken)
    {
        Part10Result result;
        try
        {
            if (bytes is null)
            {
                result = await Part10Header.ReadAsync(source.Content, source.Length, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var whole = bytes.AsMemory(0, (int)source.Length);
                // The buffer is pooled: beyond the file it holds bytes of another.
                var filled = await source.Content.ReadAtLeastAsync(whole, whole.Length, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                if (filled < whole.Length)
                    return (null, source.ReadProblem ?? Changed);

                result = Part10Header.Read(whole.Span, isWhole: true);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException && source.ReadProblem is not null)
        {
            return (null, source.ReadProblem);
        }

        if (source.ReadProblem is { } problem)
            return (null, problem);
        return result.Reason is { } reason ? (null, new SourceProblem("not_dicom", reason)) : (result.Header, null);
    }
}
