using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Tables;

/// <summary>The data sets of a job's records, in order, from the same results files each time.</summary>
internal sealed class TableRows(JobParts parts, JobSummary? summary, RecordFilter filter)
{
    /// <param name="outcomeFirst">
    /// Whether to know how a record ended before its first data set. A record ends with its outcome, and may be larger than memory, so
    /// that needs a second reader ahead of the first.
    /// </param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ObjectDamagedException">A file is missing or damaged, or there are too few records.</exception>
    public async IAsyncEnumerable<TableRow> ReadAsync(bool outcomeFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (found, matched) = (0L, 0L);
        var index = new InputIndex(summary);
        for (var number = 0; number < parts.Count && !filter.IsPast(matched); number++)
        {
            var passed = parts.Skip(ref number, filter, ref matched);
            found += passed;
            index.Move(passed);
            if (number == parts.Count)
                break;
            using var reader = await OpenAsync(number, skipsRows: false, cancellationToken).ConfigureAwait(false);
            using var ahead = outcomeFirst || filter.Success is not null
                ? await OpenAsync(number, skipsRows: true, cancellationToken).ConfigureAwait(false)
                : null;
            while (!filter.IsPast(matched))
            {
                RecordOutcome? outcome = null;
                if (ahead is not null && await ahead.ReadAsync(cancellationToken).ConfigureAwait(false) == RecordPiece.End)
                    outcome = ahead.Outcome!.At(index.Current);
                var isMatch = filter.Wants(outcome?.IsSuccess);
                var isWanted = isMatch && filter.Takes(matched);
                var hasRows = false;
                RecordPiece piece;
                while ((piece = await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) == RecordPiece.Row)
                {
                    hasRows = true;
                    if (ahead is not null && outcome is null)
                        throw TableColumns.Changed();
                    if (isWanted)
                        yield return new TableRow { DataSet = reader.Row, Outcome = outcome, IsOfTable = true };
                }

                if (piece == RecordPiece.None)
                    break;
                found++;
                matched += isMatch ? 1 : 0;
                if (isWanted)
                    yield return new TableRow { Outcome = reader.Outcome!.At(index.Current), IsOfTable = !hasRows };
                index.MoveNext();
            }
        }

        if (summary is not null && found < summary.Succeeded + summary.Failed && !filter.IsPast(matched))
        {
            throw new ObjectDamagedException(
                $"The results files are damaged: they have {found} of {summary.Succeeded + summary.Failed} records.");
        }
    }

    private async Task<RecordReader> OpenAsync(int number, bool skipsRows, CancellationToken cancellationToken) => new(
        await parts.OpenAsync(number, ObjectRange.All, cancellationToken).ConfigureAwait(false),
        parts.NameOf(number)[parts.Files.Prefix.Length..],
        skipsRows);
}
