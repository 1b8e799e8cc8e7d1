using System.Buffers;
using System.Security.Cryptography;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Puts the instances of an answer into the object store, each whole or not at all. It trusts no server: what an instance is, its own
/// bytes say.
/// </summary>
/// <param name="place">Where the files go.</param>
/// <param name="request">What was asked for.</param>
/// <param name="onFile">Is given each new file.</param>
internal sealed class InstanceIntake(
    RetrievedPlace place, RetrieveRequest request, Func<RetrievedFile, CancellationToken, ValueTask> onFile) : IInstanceSink
{
    /// <summary>The identifiers of a file must be within its first bytes. The largest headers in practice have some hundred KB.</summary>
    private const int MaxPrefix = 4 << 20;

    private const int FirstPrefix = 64 << 10;

    private readonly HashSet<(string Series, string SopInstance)> _stored = [];

    /// <summary>Why the first instance that could not be taken was refused; null if there was none.</summary>
    public OutcomeStatus? Problem { get; private set; }

    /// <summary>Whether a file is stored.</summary>
    public bool Has((string Series, string SopInstance) instance) => _stored.Contains(instance);

    /// <summary>Takes over a file that an earlier run has retrieved.</summary>
    public ValueTask KeepAsync(RetrievedFile file, CancellationToken cancellationToken) =>
        _stored.Add((file.SeriesInstanceUid, file.SopInstanceUid)) ? onFile(file, cancellationToken) : default;

    /// <summary>Takes over a file in the object store, unless it is not what its name says.</summary>
    public async ValueTask KeepAsync(ObjectProperties file, CancellationToken cancellationToken)
    {
        var content = await place.Store.OpenReadAsync(file.Name, ObjectRange.All, file.ETag, cancellationToken).ConfigureAwait(false);
        if (content is null)
            return;
        await using (content.ConfigureAwait(false))
        {
            using var read = new Received(content);
            var result = await read.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
            if (ProblemOf(result) is not null)
                return;
            var header = result.Header!;
            var instance = (header.SeriesInstanceUid!, header.SopInstanceUid!);
            if (place.NameOf(request.StudyUid, instance.Item1, instance.Item2) != file.Name)
                return;
            await read.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await AddAsync(file.Name, read, header, instance, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        using var received = new Received(content);
        var result = await received.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        if (ProblemOf(result) is { } problem)
        {
            await received.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            Problem ??= OutcomeStatus.Of(FailureCode.BadAnswer, problem);
            return;
        }

        var header = result.Header!;
        var instance = (header.SeriesInstanceUid!, header.SopInstanceUid!);
        if (_stored.Contains(instance))
        {
            // A server that repeats an instance, or an answer that was asked for again.
            await received.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var name = place.NameOf(request.StudyUid, instance.Item1, instance.Item2);
        var isNew = await place.Store.PutAsync(name, received, PutCondition.WhenAbsent, cancellationToken)
            .ConfigureAwait(false) is not null;
        await received.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        if (isNew || await IsSameAsync(name, received, cancellationToken).ConfigureAwait(false))
            await AddAsync(name, received, header, instance, cancellationToken).ConfigureAwait(false);
        else
            Problem ??= OutcomeStatus.Of(FailureCode.NameTaken, $"{place.Shown(name)} is taken by a file with other bytes.");
    }

    private string? ProblemOf(in Part10Result result)
    {
        if (result.IsNotDicom)
            return $"The server sent a file that is not DICOM: {result.Reason}";
        if (!result.IsFound)
            return $"The server sent a file without its UIDs in the first {MaxPrefix >> 20} MiB.";
        if (result.Header is not { StudyInstanceUid: { } study, SeriesInstanceUid: { } series, SopInstanceUid: { } sopInstance })
            return "The server sent a file that lacks a study, series or SOP instance UID.";
        return IsAskedFor(study, series, sopInstance) ? null : "The server sent an instance that was not asked for.";
    }

    private bool IsAskedFor(string study, string series, string sopInstance) =>
        study == request.StudyUid
        && (request.SeriesUid is null || series == request.SeriesUid)
        && (request.SopInstanceUid is null || sopInstance == request.SopInstanceUid);

    private async ValueTask AddAsync(
        string name, Received file, Part10Header header, (string Series, string SopInstance) instance, CancellationToken cancellationToken)
    {
        _stored.Add(instance);
        await onFile(
            new RetrievedFile(
                name, file.Bytes, file.Sha256(), header.TransferSyntaxUid, request.StudyUid, instance.Series, instance.SopInstance),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a file of that name, of an execution that died before it said so, has the same bytes.</summary>
    private async Task<bool> IsSameAsync(string name, Received received, CancellationToken cancellationToken)
    {
        var content = await place.Store.OpenReadAsync(name, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false);
        if (content is null)
            return false;
        await using (content.ConfigureAwait(false))
        {
            var hash = await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false);
            return Convert.ToHexStringLower(hash) == received.Sha256();
        }
    }

    /// <summary>A file as it comes in: its beginning is held until its identifiers are known; what is read is hashed.</summary>
    private sealed class Received(Stream content) : Streams.ReadOnlyStream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private byte[] _prefix = ArrayPool<byte>.Shared.Rent(FirstPrefix);
        private int _held;
        private int _given;
        private string? _sha256;

        public long Bytes { get; private set; }

        public async ValueTask<Part10Result> ReadHeaderAsync(CancellationToken cancellationToken)
        {
            for (var size = FirstPrefix; ; size = Math.Min(4 * size, MaxPrefix))
            {
                Grow(size);
                var read = await content.ReadAtLeastAsync(
                    _prefix.AsMemory(_held, size - _held), size
                        - _held, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                _held += read;
                var isWhole = _held < size;
                var result = Part10Header.Read(_prefix.AsSpan(0, _held), isWhole);
                if (result.Status != Part10Status.NeedMore || isWhole || size == MaxPrefix)
                    return result;
            }
        }

        public async ValueTask ReadToEndAsync(CancellationToken cancellationToken)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(FirstPrefix);
            try
            {
                while (await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
                {
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        /// <summary>The hash of what was read. Call it after the end.</summary>
        public string Sha256() => _sha256 ??= Convert.ToHexStringLower(_hash.GetHashAndReset());

        public override int Read(Span<byte> buffer) =>
            _given < _held ? FromPrefix(buffer) : Count(buffer[..content.Read(buffer)]);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given < _held)
                return FromPrefix(buffer.Span);
            var read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return Count(buffer.Span[..read]);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && _prefix.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_prefix);
                _prefix = [];
                _hash.Dispose();
            }

            base.Dispose(disposing);
        }

        private int FromPrefix(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _held - _given);
            _prefix.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
            return Count(buffer[..count]);
        }

        private int Count(ReadOnlySpan<byte> read)
        {
            _hash.AppendData(read);
            Bytes += read.Length;
            return read.Length;
        }

        private void Grow(int size)
        {
            if (_prefix.Length >= size)
                return;
            var larger = ArrayPool<byte>.Shared.Rent(size);
            _prefix.AsSpan(0, _held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_prefix);
            _prefix = larger;
        }
    }
}
