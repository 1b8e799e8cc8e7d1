using System.Buffers;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// A file to store: in memory if it is small and there is room, otherwise streamed from its source. Of a source without a length, the
/// beginning stays in memory and the rest open until the file is first sent.
/// </summary>
internal sealed class UploadFile : StowInstance, IAsyncDisposable
{
    private const int CopyBuffer = 256 * 1024;
    private static readonly SourceProblem Changed = new(FailureCode.Changed, "The source changed while it was read. Send it again.");

    private readonly Func<CancellationToken, Task<SourceOpening>> _open;
    private readonly string? _version;
    private readonly UploadBuffer? _held;
    private readonly bool _isWhole;
    private OpenedSource? _rest;

    private UploadFile(
        Func<CancellationToken, Task<SourceOpening>> open,
        OpenedSource source,
        UploadBuffer? held,
        bool isWhole,
        OpenedSource? rest,
        Part10Header header)
    {
        _open = open;
        _version = source.Version;
        (_held, _isWhole, _rest) = (held, isWhole, rest);
        Length = isWhole ? held!.Length : source.Length;
        Bytes = Length ?? 0;
        Header = header;
    }

    public override long? Length { get; }

    public override Part10Header Header { get; }

    /// <summary>The length as far as it is known; at the latest, once the file has been sent.</summary>
    public long Bytes { get; private set; }

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
        UploadFile? file = null;
        UploadBuffer? held = null;
        try
        {
            if (input.Version is not null && input.Version != source.Version)
                return (null, Changed);
            held = UploadBuffer.For(source.Length, maxInMemory, memory);
            var (header, problem) = await ReadHeaderAsync(source, held, cancellationToken).ConfigureAwait(false);
            var isWhole = held is { IsWhole: true };
            if (problem is null && isWhole && !await source.IsUnchangedAsync(cancellationToken).ConfigureAwait(false))
                problem = source.ReadProblem ?? Changed;
            if (problem is not null)
                return (null, problem);
            var rest = held is { IsWhole: false } && header!.IsInBeginning ? source : null;
            file = new UploadFile(open, source, isWhole || rest is not null ? held : null, isWhole, rest, header!.Value);
            return (file, null);
        }
        finally
        {
            if (file?._rest is null)
                await source.DisposeAsync().ConfigureAwait(false);
            if (file?._held is null)
                held?.Dispose();
        }
    }

    public override async Task CopyToAsync(Stream target, Action progress, CancellationToken cancellationToken)
    {
        if (_isWhole)
        {
            await WriteHeldAsync(target, progress, cancellationToken).ConfigureAwait(false);
            return;
        }

        var isFirst = _rest is not null;
        var source = _rest ?? await ReopenAsync(cancellationToken).ConfigureAwait(false);
        _rest = null;
        await using (source.ConfigureAwait(false))
        {
            var bytes = 0L;
            if (isFirst)
            {
                await WriteHeldAsync(target, progress, cancellationToken).ConfigureAwait(false);
                bytes = _held!.Length;
                _held.Dispose();
            }

            Bytes = bytes + await CopyAsync(source, target, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _held?.Dispose();
        if (_rest is not null)
            await _rest.DisposeAsync().ConfigureAwait(false);
        _rest = null;
    }

    private async Task WriteHeldAsync(Stream target, Action progress, CancellationToken cancellationToken)
    {
        // In pieces: otherwise a slow network shows no progress until the whole file is sent.
        for (var rest = _held!.Content; !rest.IsEmpty;)
        {
            var piece = rest[..Math.Min(rest.Length, CopyBuffer)];
            await target.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            progress();
            rest = rest[piece.Length..];
        }
    }

    private async ValueTask<OpenedSource> ReopenAsync(CancellationToken cancellationToken)
    {
        var opening = await _open(cancellationToken).ConfigureAwait(false);
        if (!opening.IsOpen)
            throw new StowSourceException(opening.Problem.Code, opening.Problem.Message);
        if (opening.Opened.Version == _version && opening.Opened.Length == Length)
            return opening.Opened;
        await opening.Opened.DisposeAsync().ConfigureAwait(false);
        throw new StowSourceException(Changed.Code, Changed.Message);
    }

    private static async Task<long> CopyAsync(OpenedSource source, Stream target, Action progress, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            for (var copied = 0L; ;)
            {
                var read = await ReadAsync(source, buffer, cancellationToken).ConfigureAwait(false);
                copied += read;
                // Holds back the last bytes, or the end, until all are known to be of one version: an incomplete request stores nothing.
                var isEnd = read == 0 || copied == source.Length;
                if (isEnd && !await source.IsUnchangedAsync(cancellationToken).ConfigureAwait(false))
                    throw Failed(source.ReadProblem ?? Changed);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                progress();
                if (isEnd)
                    return copied;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads some bytes; none only at the end of a source without a length.</summary>
    private static async ValueTask<int> ReadAsync(OpenedSource source, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var read = await source.Content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return read > 0 || source is { Length: null, ReadProblem: null } ? read : throw Failed(source.ReadProblem ?? Changed);
        }
        catch (Exception exception)
            when (source.ReadProblem is { } problem && exception is not (OperationCanceledException or StowSourceException))
        {
            throw Failed(problem, exception);
        }
    }

    private static StowSourceException Failed(SourceProblem problem, Exception? cause = null) =>
        new(problem.Code, problem.Message, cause) { IsTransient = problem.Code == FailureCode.Unavailable };

    /// <summary>Reads the header from memory, or as much of the source as it takes.</summary>
    private static async Task<(FoundHeader? Header, SourceProblem? Problem)> ReadHeaderAsync(
        OpenedSource source, UploadBuffer? held, CancellationToken cancellationToken)
    {
        var result = Part10Result.NeedMore;
        var isInBeginning = false;
        try
        {
            if (held is not null)
            {
                await held.FillAsync(source.Content, cancellationToken).ConfigureAwait(false);
                if (source.ReadProblem is null && held.Length < source.Length)
                    return (null, Changed);
                if (held is { IsWhole: true, Length: 0 })
                    return (null, source.ReadProblem ?? new SourceProblem(FailureCode.Empty, "The source is empty."));
                result = Part10Header.Read(held.Content.Span, held.IsWhole);
                isInBeginning = result.Status != Part10Status.NeedMore;
            }

            if (!isInBeginning && held is not { IsWhole: true })
            {
                var content = new PrefixedStream(held?.Content ?? default, source.Content);
                result = await Part10Header.ReadAsync(content, source.Length, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException && source.ReadProblem is not null)
        {
            return (null, source.ReadProblem);
        }

        if (source.ReadProblem is { } problem)
            return (null, problem);
        return result.Reason is { } reason
            ? (null, new SourceProblem(FailureCode.NotDicom, reason))
            : (new FoundHeader(result.Header!, isInBeginning), null);
    }

    /// <summary>A header, and whether what is held of the file was enough to find it.</summary>
    private sealed record FoundHeader(Part10Header Value, bool IsInBeginning);
}
