using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Hosting;

/// <summary>The jobs that a command works with: those of a data directory, or of a server. Failures are for whoever typed it.</summary>
/// <remarks>Every method throws <see cref="CommandFailedException"/> if it cannot be done, with the reason and what to do.</remarks>
internal interface IJobHost : IAsyncDisposable
{
    /// <summary>Whether jobs run in this process, and so only while the command does.</summary>
    bool IsHere { get; }

    /// <summary>What it tells while it works.</summary>
    Notices Notices { get; }

    /// <summary>Submits a job of these inputs, each one JSON value on one line, and returns its id.</summary>
    Task<string> SubmitAsync(JobSubmission submission, IAsyncEnumerable<ReadOnlyMemory<byte>> inputs, CancellationToken cancellationToken);

    /// <summary>The state of a job; null if there is no such job.</summary>
    Task<JobView?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Waits until a job has ended or stopped.</summary>
    Task WaitAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lists jobs, newest first.</summary>
    /// <param name="states">Only jobs in one of these states; empty for all.</param>
    /// <param name="kinds">Only jobs of one of these kinds; empty for all.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    IAsyncEnumerable<JobView> ListAsync(
        IReadOnlyCollection<JobStatus> states, IReadOnlyCollection<JobKind> kinds, CancellationToken cancellationToken);

    /// <summary>Copies the records committed so far.</summary>
    Task CopyResultsAsync(
        string id, RecordFilter filter, ResultsQuery query, Stream output, CancellationToken cancellationToken);

    /// <summary>Asks a job to stop, or ends it at once, and returns what that means for it.</summary>
    Task<string> CancelAsync(string id, bool isForced, CancellationToken cancellationToken);

    /// <summary>Continues a failed or interrupted job.</summary>
    Task ResumeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Submits a job of all inputs of another without a success record, and returns its id.</summary>
    Task<string> RetryAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes a job that has ended.</summary>
    Task DeleteAsync(string id, bool withFiles, CancellationToken cancellationToken);

    /// <summary>Deletes jobs that ended longer ago than this, and returns their number.</summary>
    /// <param name="age">Null for what the host's settings say.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<int> PruneAsync(TimeSpan? age, CancellationToken cancellationToken);

    /// <summary>Does what is left to do once a command's job has ended.</summary>
    Task FinishAsync(CancellationToken cancellationToken);
}
