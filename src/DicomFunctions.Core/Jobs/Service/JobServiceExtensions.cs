using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>What is done to jobs in several steps.</summary>
internal static class JobServiceExtensions
{
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
