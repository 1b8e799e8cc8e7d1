using DicomFunctions.Core.Jobs.Results;

namespace DicomFunctions.Core.Tables;

/// <inheritdoc/>
internal sealed class JobTables(JobResults results) : IJobTables
{
    public Task<JobTable?> OpenAsync(string id, RecordFilter filter, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        var chosen = columns.Count == 0 ? null : TableColumns.Choose(columns);
        return results.OpenAsync(
            id,
            (parts, summary) => JobTable.OpenAsync(new TableRows(parts, summary, filter), chosen ?? new TableColumns(), cancellationToken),
            cancellationToken);
    }
}
