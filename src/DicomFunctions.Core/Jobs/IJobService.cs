namespace DicomFunctions.Core.Jobs;

/// <summary>Accepts jobs and tells of them.</summary>
public interface IJobService
{
    /// <summary>Accepts a job of these inputs, each one JSON value on one line, and gives its id once the engine has it.</summary>
    Task<string> SubmitAsync(JobSubmission submission, IAsyncEnumerable<ReadOnlyMemory<byte>> inputs, CancellationToken cancellationToken);

    /// <summary>The job as it stands; null when there is none of that id.</summary>
    Task<JobView?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The job once it has ended, or come to a stop; null when there is none of that id.</summary>
    Task<JobView?> WaitAsync(string id, CancellationToken cancellationToken);

    /// <summary>Jobs, newest first.</summary>
    /// <param name="before">Only jobs older than this id; null: from the newest.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    IAsyncEnumerable<JobView> ListAsync(string? before, CancellationToken cancellationToken);

    /// <summary>Copies the records committed so far, in input order.</summary>
    /// <param name="id">A job that exists.</param>
    /// <param name="success">Only records of this outcome; null: all.</param>
    /// <param name="asArray">A JSON array instead of NDJSON.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    Task CopyResultsAsync(string id, bool? success, bool asArray, Stream target, CancellationToken cancellationToken);

    /// <summary>Asks a job to stop. What is in flight is finished and recorded.</summary>
    Task<JobActionResult> CancelAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Goes on with a failed job from its last committed part. Not for jobs of dropped files, which the drop works anew, nor for jobs of
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
