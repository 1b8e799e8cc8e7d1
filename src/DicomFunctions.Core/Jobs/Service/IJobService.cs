using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Accepts jobs and tells of them.</summary>
public interface IJobService
{
    /// <summary>Accepts a job of these inputs, each one JSON value on one line, and gives its id once the engine has it.</summary>
    /// <exception cref="JobNotStartedException">The job is there, and the engine cannot be asked whether it has it.</exception>
    /// <exception cref="ObjectStoreException">The job was not accepted, and nothing is left of it.</exception>
    Task<string> SubmitAsync(JobSubmission submission, IAsyncEnumerable<ReadOnlyMemory<byte>> inputs, CancellationToken cancellationToken);

    /// <summary>The job as it stands; null when there is none of that id.</summary>
    Task<JobView?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The job once it has ended, or come to a stop; null when there is none of that id.</summary>
    Task<JobView?> WaitAsync(string id, CancellationToken cancellationToken);

    /// <summary>Jobs, newest first.</summary>
    /// <param name="before">Only jobs older than this id; null: from the newest.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    IAsyncEnumerable<JobView> ListAsync(string? before, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the records committed so far, in input order: a missing file is told here, before anything is copied. Null when there is no
    /// job of that id.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="success">Only records of this outcome; null: all.</param>
    /// <param name="asArray">A JSON array instead of NDJSON.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="ObjectDamagedException">The first file of the records is missing, or cannot be read.</exception>
    Task<JobRecords?> OpenResultsAsync(string id, bool? success, bool asArray, CancellationToken cancellationToken);

    /// <summary>Asks a job to stop. What is in flight is finished and recorded.</summary>
    Task<JobActionResult> CancelAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a job whose engine does not, as where nothing runs though the engine says so. What is committed stays, and resume continues
    /// from there; what is in flight leaves no record.
    /// </summary>
    Task<JobActionResult> TerminateAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Continues a failed, or interrupted, job from its last committed part, or from its beginning where the checkpoint is lost. Not for jobs of dropped files, which the drop works anew, nor for jobs of
    /// another server than this host's.
    /// </summary>
    Task<JobActionResult> ResumeAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a new job of every input of a finished one that has no success record. Not for jobs of dropped files: what is moved back
    /// from <c>drop/failed</c> is worked again; nor for jobs of another server than this host's.
    /// </summary>
    Task<(JobActionResult Result, string? NewId)> RetryAsync(string id, CancellationToken cancellationToken);

    /// <summary>Removes a job that is not under way, with all its files and its history.</summary>
    Task<JobActionResult> DeleteAsync(string id, CancellationToken cancellationToken);
}
