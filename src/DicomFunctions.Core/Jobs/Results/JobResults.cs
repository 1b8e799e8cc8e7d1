using System.Runtime.CompilerServices;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Results;

/// <summary>Reads the committed records of jobs, in input order.</summary>
internal sealed class JobResults(JobStore jobStore, IObjectStore store)
{
    /// <summary>
    /// Opens a job's records, and their first part at once, so that a missing one is reported. Null if there is no such job.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="asArray">A JSON array instead of NDJSON.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="ObjectDamagedException">The first part is missing or cannot be read.</exception>
    public Task<JobRecords?> OpenAsync(string id, RecordFilter filter, bool asArray, CancellationToken cancellationToken) =>
        OpenAsync(
            id,
            (parts, summary) => JobRecords.OpenAsync(parts, filter, asArray, summary?.Succeeded + summary?.Failed, cancellationToken),
            cancellationToken);

    /// <summary>Opens a job's parts in a way of the caller's. Null if there is no such job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="open">Opens the parts; the summary is null if the job has none, or none that can be read.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="ObjectDamagedException">A part is missing or cannot be read, and the job was not deleted meanwhile.</exception>
    public async Task<T?> OpenAsync<T>(string id, Func<JobParts, JobSummary?, Task<T>> open, CancellationToken cancellationToken)
        where T : class
    {
        if (!JobId.IsValid(id) || await jobStore.IsGoneAsync(id, cancellationToken).ConfigureAwait(false))
            return null;
        // Without a readable summary, the records are those of the parts that exist.
        var summary = (await jobStore.ReadSummaryAsync(id, cancellationToken).ConfigureAwait(false)).Content;
        var parts = await PartsAsync(id, summary, cancellationToken).ConfigureAwait(false);
        try
        {
            return await open(parts, summary).ConfigureAwait(false);
        }
        catch (ObjectDamagedException)
        {
            // The job was deleted meanwhile, or is damaged.
            if (await jobStore.IsGoneAsync(id, cancellationToken).ConfigureAwait(false))
                return null;
            throw;
        }
    }

    /// <summary>
    /// Reads every input of a finished job with its record. Both are in the same order, so they are read side by side.
    /// </summary>
    public async IAsyncEnumerable<JobInputOutcome> OutcomesAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = new JobFiles(id);
        var summary = (await jobStore.ReadSummaryAsync(id, cancellationToken).ConfigureAwait(false)).OrThrow()
            ?? throw new ObjectDamagedException("summary.json is missing.");
        var parts = await PartsAsync(id, summary, cancellationToken).ConfigureAwait(false);
        var given = await parts.Store.OpenReadAsync(files.Input, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectDamagedException("input.ndjson is missing.");
        await using (given.ConfigureAwait(false))
        {
            var records = ScanAsync(parts, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (records.ConfigureAwait(false))
            {
                var number = 0L;
                await foreach (var input in LineReader.ReadAsync(given, cancellationToken).ConfigureAwait(false))
                {
                    var isPassedOver = summary.NotAttemptedInputs.Any(run => number >= run[0] && number < run[0] + run[1]);
                    number++;
                    if (!isPassedOver && !await records.MoveNextAsync().ConfigureAwait(false))
                        throw new ObjectDamagedException("The job has fewer records than inputs.");
                    yield return new JobInputOutcome(input, isPassedOver ? null : records.Current);
                }

                if (number != summary.Inputs)
                    throw new ObjectDamagedException("The job has fewer inputs than it was accepted with.");
            }
        }
    }

    /// <summary>Copies a record without its line end.</summary>
    public async Task CopyRecordAsync(JobRecord record, Stream target, CancellationToken cancellationToken)
    {
        var range = new ObjectRange(record.Span.Offset, record.Span.Length);
        var source = await store.OpenReadAsync(record.Part, range, ifMatch: null, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectDamagedException($"{record.Part} is missing.");
        await using (source.ConfigureAwait(false))
            await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds all records, in order.</summary>
    private static async IAsyncEnumerable<JobRecord> ScanAsync(JobParts parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0; number < parts.Count; number++)
        {
            var part = await parts.OpenAsync(number, ObjectRange.All, cancellationToken).ConfigureAwait(false);
            await using (part.ConfigureAwait(false))
            {
                using var scanner = new ResultScanner(part);
                while (await scanner.ReadAsync(cancellationToken).ConfigureAwait(false) is { } record)
                    yield return new JobRecord(parts.NameOf(number), record);
            }
        }
    }

    /// <summary>
    /// The parts of a job. Counted before the first is read, so that a job deleted meanwhile is noticed by a missing part.
    /// </summary>
    private async Task<JobParts> PartsAsync(string id, JobSummary? summary, CancellationToken cancellationToken)
    {
        var files = new JobFiles(id);
        if (summary is not null)
            return new JobParts(store, files, summary.Parts, summary.PartRecords ?? []);
        var count = await store.ListAsync(files.Results, cancellationToken).CountAsync(cancellationToken).ConfigureAwait(false);
        var checkpoint = await jobStore.ReadCheckpointAsync(id, cancellationToken).ConfigureAwait(false);
        return new JobParts(store, files, count, checkpoint.Content?.PartRecords ?? []);
    }
}
