using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Submits jobs, shows them, and acts on them. Every host and trigger goes through here.</summary>
internal interface IJobService
{
    /// <summary>Begins a job whose inputs are written one after another. Dispose of the draft, whether or not it was submitted.</summary>
    /// <param name="kind">The kind of job.</param>
    /// <param name="mayHavePatterns">Whether the inputs are sources with patterns or folders, which the job expands when it runs.</param>
    /// <param name="key">
    /// The caller's key for the submission, which makes a repetition within a day the same job; null for none. The caller must not change
    /// what it submits with the key.
    /// </param>
    JobDraft Draft(JobKind kind, bool mayHavePatterns = false, string? key = null);

    /// <summary>
    /// Accepts and starts a draft, and returns its id once the engine has it. If its key belongs to a job already, nothing is left of the
    /// draft, and the id is that job's, which is started if it never was.
    /// </summary>
    /// <exception cref="KeyConflictException">The key belongs to a job of another submission.</exception>
    /// <exception cref="JobNotStartedException">The job exists, but the engine cannot be asked whether it has it.</exception>
    /// <exception cref="ObjectStoreException">The job was not accepted, and nothing is left of it.</exception>
    Task<string> SubmitAsync(JobDraft draft, JobSubmission submission, CancellationToken cancellationToken);

    /// <summary>
    /// Accepts and starts a job of these inputs, each one JSON value on one line, and returns its id once the engine has it.
    /// </summary>
    /// <exception cref="JobNotStartedException">The job exists, but the engine cannot be asked whether it has it.</exception>
    /// <exception cref="ObjectStoreException">The job was not accepted, and nothing is left of it.</exception>
    Task<string> SubmitAsync(JobSubmission submission, IAsyncEnumerable<ReadOnlyMemory<byte>> inputs, CancellationToken cancellationToken);

    /// <summary>The state of a job; null if there is no such job.</summary>
    Task<JobView?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Waits until a job has ended or stopped, and returns its state; null if there is no such job.</summary>
    Task<JobView?> WaitAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lists jobs, newest first.</summary>
    /// <param name="before">Only jobs older than the one with this id; null for all.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    IAsyncEnumerable<JobView> ListAsync(string? before, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the records committed so far, in input order. Opens their first file at once, so that a missing one is reported before
    /// anything is copied. Null if there is no such job.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="asArray">A JSON array instead of NDJSON.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="ObjectDamagedException">The first file of the records is missing or cannot be read.</exception>
    Task<JobRecords?> OpenResultsAsync(string id, RecordFilter filter, bool asArray, CancellationToken cancellationToken);

    /// <summary>Asks a job to stop. Requests in flight are finished and recorded.</summary>
    Task<JobActionResult> CancelAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a job at once, for an engine that says it runs although nothing happens. Committed records stay, and the job can be resumed
    /// from there; requests in flight leave no record.
    /// </summary>
    Task<JobActionResult> TerminateAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Continues a failed or interrupted job from its last committed part, or from its beginning if the checkpoint is lost. Refused for
    /// jobs of another server than this host's, and for jobs whose owner continues them itself.
    /// </summary>
    Task<JobActionResult> ResumeAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Creates a job of every input of a finished job that has no success record: <see cref="JobActionResult.NewId"/>. Refused for jobs of
    /// another server than this host's, and for jobs whose owner retries them in its own way.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="caller">Who submits the new job; null if not known.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<JobActionResult> RetryAsync(string id, string? caller, CancellationToken cancellationToken);

    /// <summary>Removes a job that is not running, with its records and its history.</summary>
    /// <param name="id">The job.</param>
    /// <param name="withFiles">Whether to remove the files that it retrieved into the object store, too. Others are never touched.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<JobActionResult> DeleteAsync(string id, bool withFiles, CancellationToken cancellationToken);

    /// <summary>
    /// Removes every job that ended or stopped longer ago than <see cref="JobOptions.Retention"/>, and returns their number. Running jobs
    /// stay, however old. It can be interrupted at any time: the next call finishes the work.
    /// </summary>
    /// <exception cref="ObjectStoreException">The object store cannot be used, or a job could not be removed. All others were.</exception>
    Task<int> RemoveExpiredAsync(CancellationToken cancellationToken);
}
