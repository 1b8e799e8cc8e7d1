using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Tables;

/// <summary>The records of jobs as tables.</summary>
internal interface IJobTables
{
    /// <summary>
    /// Reads the records committed so far once, to learn the columns and their types. The table can then be copied, which reads them again.
    /// Null if there is no such job.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="columns">The columns, by name or tag, in this order; empty for all.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="TableException">There is no such column, or there are too many.</exception>
    /// <exception cref="ObjectDamagedException">A file of the records is missing, damaged or incomplete.</exception>
    Task<JobTable?> OpenAsync(string id, RecordFilter filter, IReadOnlyList<string> columns, CancellationToken cancellationToken);
}
