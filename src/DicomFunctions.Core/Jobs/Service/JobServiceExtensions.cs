using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>What is done to jobs by other calls.</summary>
public static class JobServiceExtensions
{
    /// <summary>Removes a job that is not running, and leaves the files that it retrieved.</summary>
    public static Task<JobActionResult> DeleteAsync(this IJobService jobs, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return jobs.DeleteAsync(id, withFiles: false, cancellationToken);
    }

    /// <summary>Opens the records of one outcome, or all: see <see cref="IJobService.OpenResultsAsync"/>.</summary>
    public static Task<JobRecords?> OpenResultsAsync(
        this IJobService jobs, string id, bool? success, bool asArray, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return jobs.OpenResultsAsync(id, new RecordFilter { Success = success }, asArray, cancellationToken);
    }

    /// <summary>Copies the records of one outcome, or all.</summary>
    public static Task CopyResultsAsync(
        this IJobService jobs, string id, bool? success, bool asArray, Stream target, CancellationToken cancellationToken) =>
        CopyResultsAsync(jobs, id, new RecordFilter { Success = success }, asArray, target, cancellationToken);

    /// <summary>Copies the records committed so far, in input order.</summary>
    /// <param name="jobs">Where the job is.</param>
    /// <param name="id">A job that exists.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="asArray">A JSON array instead of NDJSON.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    /// <exception cref="ObjectStoreException">There is no such job, or its files cannot be read.</exception>
    public static async Task CopyResultsAsync(
        this IJobService jobs, string id, RecordFilter filter, bool asArray, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var records = await jobs.OpenResultsAsync(id, filter, asArray, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectStoreException("There is no such job.");
        await using (records.ConfigureAwait(false))
            await records.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
    }
}
