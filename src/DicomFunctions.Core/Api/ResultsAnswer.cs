using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tables;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Answers with the records of a job, opened before the status is sent; null if there is no such job.</summary>
internal static class ResultsAnswer
{
    /// <summary>The records, as NDJSON or as a JSON array.</summary>
    public static async Task<IResult?> RecordsAsync(
        IJobService jobs, string id, RecordFilter filter, ResultFormat format, HttpRequest request)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var isArray = format == ResultFormat.Json;
        if (await jobs.OpenResultsAsync(id, filter, isArray, cancellationToken).ConfigureAwait(false) is not { } records)
            return null;
        request.HttpContext.Response.RegisterForDisposeAsync(records);
        return Results.Stream(body => records.CopyToAsync(body, cancellationToken), format.ContentType());
    }

    /// <summary>The records as a table.</summary>
    public static async Task<IResult?> TableAsync(
        IJobTables tables, string id, RecordFilter filter, ResultsQuery query, HttpRequest request)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await tables.OpenAsync(id, filter, query.Columns, cancellationToken).ConfigureAwait(false) is not { } table)
            return null;
        var format = query.Format == ResultFormat.Csv ? TableFormat.Csv : TableFormat.Parquet;
        return Results.Stream(CopyAsync, query.Format.ContentType());

        async Task CopyAsync(Stream body)
        {
            // From here on a failure breaks the connection, also before the first row, rather than being a 500 without a reason.
            await request.HttpContext.Response.StartAsync(cancellationToken).ConfigureAwait(false);
            await table.CopyToAsync(format, query.IsRaw, body, cancellationToken).ConfigureAwait(false);
        }
    }
}
