using System.Buffers;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Results;

/// <summary>The records of a job, opened to be copied once.</summary>
internal sealed class JobRecords : IAsyncDisposable
{
    private const int CopyBuffer = 128 * 1024;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();
    private static readonly byte[] Comma = ",\n"u8.ToArray();

    private readonly JobParts _parts;
    private readonly RecordFilter _filter;
    private readonly bool _asArray;
    private readonly long? _expected;
    private readonly int _firstNumber;
    private Stream? _first;
    private long _found;
    private long _matched;

    private JobRecords(JobParts parts, RecordFilter filter, bool asArray, long? expected)
    {
        (_parts, _filter, _asArray, _expected) = (parts, filter, asArray, expected);
        _found = parts.Skip(ref _firstNumber, filter, ref _matched);
    }

    /// <param name="parts">The parts.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="asArray">A JSON array instead of NDJSON.</param>
    /// <param name="expected">The number of records; null if not known.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    internal static async Task<JobRecords> OpenAsync(
        JobParts parts, RecordFilter filter, bool asArray, long? expected, CancellationToken cancellationToken)
    {
        var records = new JobRecords(parts, filter, asArray, expected);
        if (records._firstNumber < parts.Count)
            records._first = await parts.OpenAsync(records._firstNumber, ObjectRange.All, cancellationToken).ConfigureAwait(false);
        return records;
    }

    /// <summary>Copies the records as NDJSON, or as a JSON array.</summary>
    /// <exception cref="ObjectDamagedException">Records are missing: the copy is not complete.</exception>
    public async Task CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var isFirst = true;
        if (_asArray)
            await target.WriteAsync("["u8.ToArray(), cancellationToken).ConfigureAwait(false);
        for (var number = _firstNumber; number < _parts.Count && !_filter.IsPast(_matched); number++)
        {
            _found += _parts.Skip(ref number, _filter, ref _matched);
            if (number == _parts.Count)
                break;
            var part = _first ?? await _parts.OpenAsync(number, ObjectRange.All, cancellationToken).ConfigureAwait(false);
            _first = null;
            if (_filter.IsAll && !_asArray)
                _found += await CopyAsync(part, target, cancellationToken).ConfigureAwait(false);
            else
                isFirst = await CopySomeAsync(part, number, isFirst, target, cancellationToken).ConfigureAwait(false);
        }

        if (_found < _expected && !_filter.IsPast(_matched))
            throw new ObjectDamagedException($"The results files are damaged: they have {_found} of {_expected} records.");
        if (_asArray)
            await target.WriteAsync("]\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _first?.DisposeAsync() ?? default;

    private async Task<bool> CopySomeAsync(Stream part, int number, bool isFirst, Stream target, CancellationToken cancellationToken)
    {
        await using (part.ConfigureAwait(false))
        {
            using var scanner = new ResultScanner(part);
            ObjectRange? run = null;
            while (!_filter.IsPast(_matched) && await scanner.ReadAsync(cancellationToken).ConfigureAwait(false) is { } record)
            {
                _found++;
                if (_filter.Wants(record.Success) && _filter.Takes(_matched++))
                    run = new ObjectRange(run?.Offset ?? record.Offset, record.Offset + record.Length - (run?.Offset ?? record.Offset));
                else
                    await EndRunAsync().ConfigureAwait(false);
            }

            await EndRunAsync().ConfigureAwait(false);

            // Consecutive records are read together: on Azure each read is a request.
            async Task EndRunAsync()
            {
                if (run is not { } range)
                    return;
                run = null;
                if (_asArray && !isFirst)
                    await target.WriteAsync(Comma, cancellationToken).ConfigureAwait(false);
                isFirst = false;
                if (_asArray)
                {
                    await CopyElementsAsync(number, range, target, cancellationToken).ConfigureAwait(false);
                    return;
                }

                await CopyAsync(await _parts.OpenAsync(number, range, cancellationToken).ConfigureAwait(false), target, cancellationToken)
                    .ConfigureAwait(false);
                await target.WriteAsync(LineEnd, cancellationToken).ConfigureAwait(false);
            }
        }

        return isFirst;
    }

    /// <summary>Copies lines, with a comma after each but the last.</summary>
    private async Task CopyElementsAsync(int number, ObjectRange range, Stream target, CancellationToken cancellationToken)
    {
        var source = await _parts.OpenAsync(number, range, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
            try
            {
                while (await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
                {
                    var rest = buffer.AsMemory(0, read);
                    for (var end = rest.Span.IndexOf((byte)'\n'); end >= 0; end = rest.Span.IndexOf((byte)'\n'))
                    {
                        await target.WriteAsync(rest[..end], cancellationToken).ConfigureAwait(false);
                        await target.WriteAsync(Comma, cancellationToken).ConfigureAwait(false);
                        rest = rest[(end + 1)..];
                    }

                    await target.WriteAsync(rest, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Copies a stream and returns the number of line ends in it.</summary>
    private static async Task<long> CopyAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        var lines = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            await using (source.ConfigureAwait(false))
            {
                while (await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
                {
                    lines += buffer.AsSpan(0, read).Count((byte)'\n');
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return lines;
    }
}
