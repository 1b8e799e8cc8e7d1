using DicomFunctions.Core.Jobs.Results;

namespace DicomFunctions.Core.Jobs.Service;

/// <inheritdoc/>
internal sealed class JobService(
    JobDrafts drafts,
    JobAcceptance acceptance,
    JobInspector inspector,
    JobListing listing,
    JobWaiter waiter,
    JobResults results,
    JobActions actions,
    JobResume resume,
    JobTermination termination,
    JobRetention retention) : IJobService
{
    public JobDraft Draft(JobKind kind, bool mayHavePatterns, string? key) => drafts.Create(kind, mayHavePatterns, id: null, key);

    public Task<string> SubmitAsync(JobDraft draft, JobSubmission submission, CancellationToken cancellationToken) =>
        acceptance.SubmitAsync(draft, submission, cancellationToken);

    public async Task<string> SubmitAsync(
        JobSubmission submission, IAsyncEnumerable<ReadOnlyMemory<byte>> inputs, CancellationToken cancellationToken)
    {
        var draft = drafts.Create(submission.Kind, mayHavePatterns: submission.Kind == JobKind.Upload);
        await using (draft.ConfigureAwait(false))
        {
            await foreach (var input in inputs.WithCancellation(cancellationToken).ConfigureAwait(false))
                await draft.AddAsync(input.Span, cancellationToken).ConfigureAwait(false);
            return await SubmitAsync(draft, submission, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<JobView?> FindAsync(string id, CancellationToken cancellationToken) => inspector.FindAsync(id, cancellationToken);

    public async Task<JobView?> WaitAsync(string id, CancellationToken cancellationToken)
    {
        await waiter.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        return await FindAsync(id, cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<JobView> ListAsync(string? before, CancellationToken cancellationToken) =>
        listing.RunAsync(before, cancellationToken);

    public Task<JobRecords?> OpenResultsAsync(string id, RecordFilter filter, bool asArray, CancellationToken cancellationToken) =>
        results.OpenAsync(id, filter, asArray, cancellationToken);

    public Task<JobActionResult> CancelAsync(string id, CancellationToken cancellationToken) => actions.CancelAsync(id, cancellationToken);

    public Task<JobActionResult> TerminateAsync(string id, CancellationToken cancellationToken) =>
        termination.RunAsync(id, cancellationToken);

    public Task<JobActionResult> ResumeAsync(string id, CancellationToken cancellationToken) => resume.RunAsync(id, cancellationToken);

    public Task<JobActionResult> RetryAsync(string id, string? caller, CancellationToken cancellationToken) =>
        actions.RetryAsync(id, caller, cancellationToken);

    public Task<JobActionResult> DeleteAsync(string id, bool withFiles, CancellationToken cancellationToken) =>
        actions.DeleteAsync(id, withFiles, cancellationToken);

    public Task<int> RemoveExpiredAsync(CancellationToken cancellationToken) => retention.RunAsync(cancellationToken);
}
