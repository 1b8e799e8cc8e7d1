using System.IO.Pipelines;
using CsvHelper;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Local.Hosting;

namespace DicomFunctions.Local.Output;

/// <summary>The data sets of a job's records as a table for people: the first of them, in a few columns.</summary>
internal static class RecordTable
{
    /// <summary>How many rows a table has; a program that wants all reads JSON or CSV.</summary>
    public const int MostRows = 100;

    private const string Source = "source";
    private const string Status = "status";

    private static readonly string[] Usual =
    [
        Source, "PatientID", "PatientName", "StudyDate", "StudyDescription", "Modality", "SeriesDescription", "InstanceNumber",
        "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "files", "bytes", Status,
    ];

    /// <param name="jobs">Where the job is.</param>
    /// <param name="id">The job.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="columns">The columns; empty for the usual ones, as far as they say something.</param>
    /// <param name="again">The options that name the same jobs in another command.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task WriteAsync(
        IJobHost jobs,
        string id,
        RecordFilter filter,
        IReadOnlyList<string> columns,
        string again,
        CancellationToken cancellationToken)
    {
        var query = new ResultsQuery(ResultFormat.Csv, columns.Count > 0 ? columns : Usual, IsRaw: true);
        var (rows, areMore) = await ReadAsync(jobs, id, filter, query, cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0)
            return;
        List<int> shown = [.. Enumerable.Range(0, query.Columns.Count)];
        if (columns.Count == 0)
            shown.RemoveAll(LeavesOut(query.Columns, rows));
        TextTable.Write(
            [.. shown.Select(column => query.Columns[column])],
            rows.Select(row => (string[])[.. shown.Select(i => query.Columns[i] == Source ? SourceText.Of(row[i]) : row[i])]));
        if (areMore)
        {
            await Console.Out.WriteLineAsync(
                $"These are the first {MostRows} rows. For all: dicomfn jobs results {id} --format csv{again}").ConfigureAwait(false);
        }
    }

    /// <summary>Says which columns to leave out: empty ones and, for uploads, all but the sources and what became of them.</summary>
    private static Predicate<int> LeavesOut(IReadOnlyList<string> columns, List<string[]> rows)
    {
        var areUploads = rows.Exists(row => row[0].Length > 0);
        return column => columns[column] switch
        {
            Source => !areUploads,
            Status => !areUploads && rows.TrueForAll(row => row[column] == "200"),
            _ => areUploads || rows.TrueForAll(row => row[column].Length == 0),
        };
    }

    private static async Task<(List<string[]> Rows, bool AreMore)> ReadAsync(
        IJobHost jobs, string id, RecordFilter filter, ResultsQuery query, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe();
        var copy = CopyAsync(jobs, id, filter, query, pipe.Writer, enough.Token);
        List<string[]> rows = [];
        var areMore = false;
        var csv = CsvReader.Create(pipe.Reader.AsStream(), CsvReaderOptions.Default with { Separator = ',' }, leaveOpen: true);
        await using (csv.ConfigureAwait(false))
        {
            while (!areMore && await csv.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                areMore = rows.Count == MostRows;
                if (!areMore)
                    rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
            }
        }

        if (areMore)
            await enough.CancelAsync().ConfigureAwait(false);
        await pipe.Reader.CompleteAsync().ConfigureAwait(false);
        try
        {
            await copy.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (areMore && !cancellationToken.IsCancellationRequested)
        {
            // The rest is not wanted.
        }

        return (rows, areMore);
    }

    private static async Task CopyAsync(
        IJobHost jobs, string id, RecordFilter filter, ResultsQuery query, PipeWriter target, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await jobs.CopyResultsAsync(id, filter, query, target.AsStream(leaveOpen: true), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            await target.CompleteAsync(failure).ConfigureAwait(false);
        }
    }
}
