using System.Buffers;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs.Inputs;
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

    /// <summary>
    /// Every input of a finished job with its record. Inputs and records are in the same order, so they are read side by side.
    /// </summary>
    public async IAsyncEnumerable<JobInputOutcome> OutcomesAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = new JobFiles(id);
        var summary = await jobs.ReadAsync(files.Summary, JobJson.Default.JobSummary, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectStoreException("The job has no summary.");
        var given = await OpenAsync(files.Input, ObjectRange.All, cancellationToken).ConfigureAwait(false);
        await using (given.ConfigureAwait(false))
        {
            var records = ScanAsync(id, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (records.ConfigureAwait(false))
            {
                var number = 0L;
                await foreach (var input in LineReader.ReadAsync(given, cancellationToken).ConfigureAwait(false))
                {
                    var isPassedOver = summary.NotAttemptedInputs.Any(run => number >= run[0] && number < run[0] + run[1]);
                    number++;
                    if (!isPassedOver && !await records.MoveNextAsync().ConfigureAwait(false))
                        throw new ObjectStoreException("The job has fewer records than inputs.");
                    yield return new JobInputOutcome(input, isPassedOver ? null : records.Current);
                }
            }
        }
    }

    /// <summary>Copies one record, without a line's end.</summary>
    public Task CopyRecordAsync(JobRecord record, Stream target, CancellationToken cancellationToken) =>
        CopyRangeAsync(record.Part, new ObjectRange(record.Span.Offset, record.Span.Length), target, cancellationToken);

    /// <summary>Where every record lies, in order.</summary>
    private async IAsyncEnumerable<JobRecord> ScanAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in PartsAsync(id, cancellationToken).ConfigureAwait(false))
        {
            var part = await OpenAsync(name, ObjectRange.All, cancellationToken).ConfigureAwait(false);
            await using (part.ConfigureAwait(false))
            {
                using var scanner = new ResultScanner(part);
                while (await scanner.ReadAsync(cancellationToken).ConfigureAwait(false) is { } record)
                    yield return new JobRecord(name, record);
            }
        }
    }

    /// <summary>
    /// The results files, in order. How many there are is known before the first is read, so that those of a job that is deleted
    /// meanwhile are found missing, and what is left is not taken for the whole.
    /// </summary>
    private async IAsyncEnumerable<string> PartsAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = new JobFiles(id);
        var summary = await jobs.ReadAsync(files.Summary, JobJson.Default.JobSummary, cancellationToken).ConfigureAwait(false);
        var count = summary?.Parts ?? await jobs.Store.ListAsync(files.Results, cancellationToken).CountAsync(cancellationToken).ConfigureAwait(false);
        for (var number = 0; number < count; number++)
            yield return files.Part(number);
    }

    private async Task<bool> CopySomeAsync(
        string name, bool? success, bool asArray, bool isFirst, Stream target, CancellationToken cancellationToken)
    {
        var part = await OpenAsync(name, ObjectRange.All, cancellationToken).ConfigureAwait(false);
        await using (part.ConfigureAwait(false))
        {
            using var scanner = new ResultScanner(part);
            ObjectRange? run = null;
            while (await scanner.ReadAsync(cancellationToken).ConfigureAwait(false) is { } record)
            {
                if (success is null || record.Success == success)
                    run = new ObjectRange(run?.Offset ?? record.Offset, record.Offset + record.Length - (run?.Offset ?? record.Offset));
                else
                    await EndRunAsync().ConfigureAwait(false);
            }

            await EndRunAsync().ConfigureAwait(false);

            // Records that follow one another are read as one: a reading for each would be a request for each on Azure.
            async Task EndRunAsync()
            {
                if (run is not { } range)
                    return;
                run = null;
                if (asArray && !isFirst)
                    await target.WriteAsync(Comma, cancellationToken).ConfigureAwait(false);
                isFirst = false;
                if (asArray)
                {
                    await CopyElementsAsync(name, range, target, cancellationToken).ConfigureAwait(false);
                    return;
                }

                await CopyRangeAsync(name, range, target, cancellationToken).ConfigureAwait(false);
                await target.WriteAsync(LineEnd, cancellationToken).ConfigureAwait(false);
            }
        }

        return isFirst;
    }

    /// <summary>Copies lines with a comma at the end of each but the last.</summary>
    private async Task CopyElementsAsync(string name, ObjectRange range, Stream target, CancellationToken cancellationToken)
    {
        var source = await OpenAsync(name, range, cancellationToken).ConfigureAwait(false);
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

    private async Task CopyRangeAsync(string name, ObjectRange range, Stream target, CancellationToken cancellationToken)
    {
        var source = await OpenAsync(name, range, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
            await source.CopyToAsync(target, CopyBuffer, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Stream> OpenAsync(string name, ObjectRange range, CancellationToken cancellationToken) =>
        await jobs.Store.OpenReadAsync(name, range, ifMatch: null, cancellationToken).ConfigureAwait(false)
        ?? throw new ObjectStoreException("A file of the job is missing.");
}
