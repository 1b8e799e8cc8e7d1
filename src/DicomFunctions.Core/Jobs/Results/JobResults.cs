using System.Runtime.CompilerServices;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Results;

/// <summary>Streams the records of a job, as far as they are committed, in input order.</summary>
internal sealed class JobResults(JobContext jobs)
{
    private const int CopyBuffer = 128 * 1024;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();
    private static readonly byte[] Comma = ",\n"u8.ToArray();

    /// <summary>Copies the records as NDJSON, or as the elements of a JSON array.</summary>
    /// <param name="id">The job.</param>
    /// <param name="success">Only records of this outcome; null: all.</param>
    /// <param name="asArray">Whether commas part the records, and brackets hold them.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    public async Task CopyToAsync(string id, bool? success, bool asArray, Stream target, CancellationToken cancellationToken)
    {
        var isFirst = true;
        if (asArray)
            await target.WriteAsync("["u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await foreach (var name in PartsAsync(id, cancellationToken).ConfigureAwait(false))
        {
            if (success is null && !asArray)
                await CopyRangeAsync(name, ObjectRange.All, target, cancellationToken).ConfigureAwait(false);
            else
                isFirst = await CopySomeAsync(name, success, asArray, isFirst, target, cancellationToken).ConfigureAwait(false);
        }

        if (asArray)
            await target.WriteAsync("]\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The outcome of every record, in order.</summary>
    public async IAsyncEnumerable<ResultSpan> ScanAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in PartsAsync(id, cancellationToken).ConfigureAwait(false))
        {
            var part = await OpenAsync(name, ObjectRange.All, cancellationToken).ConfigureAwait(false);
            await using (part.ConfigureAwait(false))
            {
                using var scanner = new ResultScanner(part);
                while (await scanner.ReadAsync(cancellationToken).ConfigureAwait(false) is { } record)
                    yield return record;
            }
        }
    }

    /// <summary>The results files, in order.</summary>
    public async IAsyncEnumerable<string> PartsAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var part in jobs.Store.ListAsync(new JobFiles(id).Results, cancellationToken).ConfigureAwait(false))
            yield return part.Name;
    }

    private async Task<bool> CopySomeAsync(
        string name, bool? success, bool asArray, bool isFirst, Stream target, CancellationToken cancellationToken)
    {
        var part = await OpenAsync(name, ObjectRange.All, cancellationToken).ConfigureAwait(false);
        await using (part.ConfigureAwait(false))
        {
            using var scanner = new ResultScanner(part);
            while (await scanner.ReadAsync(cancellationToken).ConfigureAwait(false) is { } record)
            {
                if (success is not null && record.Success != success)
                    continue;
                if (asArray && !isFirst)
                    await target.WriteAsync(Comma, cancellationToken).ConfigureAwait(false);
                isFirst = false;
                await CopyRangeAsync(name, new ObjectRange(record.Offset, record.Length), target, cancellationToken).ConfigureAwait(false);
                if (!asArray)
                    await target.WriteAsync(LineEnd, cancellationToken).ConfigureAwait(false);
            }
        }

        return isFirst;
    }

    private async Task CopyRangeAsync(string name, ObjectRange range, Stream target, CancellationToken cancellationToken)
    {
        var source = await OpenAsync(name, range, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
            await source.CopyToAsync(target, CopyBuffer, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Stream> OpenAsync(string name, ObjectRange range, CancellationToken cancellationToken) =>
        await jobs.Store.OpenReadAsync(name, range, ifMatch: null, cancellationToken).ConfigureAwait(false)
        ?? throw new ObjectStoreException("A results file is missing.");
}
