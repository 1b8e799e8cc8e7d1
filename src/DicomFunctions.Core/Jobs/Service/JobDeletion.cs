using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// Removes jobs. The first step replaces <c>job.json</c> by a tombstone: from then on the job is gone, and whoever finds the tombstone
/// finishes what a crash cut short.
/// </summary>
internal sealed class JobDeletion(JobContext jobs, IWorkflowEngine engine)
{
    /// <summary>More than an instance needs to end once the job's summary is written, or it is terminated.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    /// <summary>Makes the job one that is deleted. False, and nothing done, where <c>job.json</c> was changed since it had this ETag.</summary>
    public async Task<bool> BeginAsync(string id, JobSpec? spec, string etag, CancellationToken cancellationToken)
    {
        var name = new JobFiles(id).Spec;
        var tombstone = (spec ?? JobSpec.Unreadable(id)) with { DeletedAt = jobs.Time.GetUtcNow() };
        try
        {
            return await jobs.WriteAsync(name, tombstone, JobJson.Default.JobSpec, PutCondition.WhenUnchanged(etag), cancellationToken)
                .ConfigureAwait(false) is not null;
        }
        catch (ObjectStoreException)
        {
            // A full disk has no room for a tombstone, and deleting makes some. Without a job.json the files are no job's either.
            return await jobs.Store.DeleteAsync(name, etag, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes what is left of a deleted job: its instance, its files, and the tombstone last.</summary>
    public async Task FinishAsync(string id, CancellationToken cancellationToken)
    {
        // A resume at the same moment may have started an instance, which must not outlive its job.
        if (await IsActiveAsync(id, cancellationToken).ConfigureAwait(false))
        {
            var isEnded = await engine.TerminateAsync(id, "The job was deleted.", cancellationToken).ConfigureAwait(false);
            // Another process runs it: it is that one's to end.
            if (!isEnded && await IsActiveAsync(id, cancellationToken).ConfigureAwait(false))
                return;
            await WaitForEndAsync(id, cancellationToken).ConfigureAwait(false);
        }

        await engine.PurgeAsync(id, cancellationToken).ConfigureAwait(false);
        var files = new JobFiles(id);
        await foreach (var file in jobs.Store.ListAsync(files.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (file.Name != files.Spec)
                await jobs.Store.DeleteAsync(file.Name, ifMatch: null, cancellationToken).ConfigureAwait(false);
        }

        await jobs.Store.DeleteAsync(files.Spec, ifMatch: null, cancellationToken).ConfigureAwait(false);
        jobs.Forget(id);
    }

    /// <summary>Waits for an instance that is about to end; not for one that stands still.</summary>
    public async Task WaitForEndAsync(string id, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(LongestEnd, jobs.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await engine.WaitAsync(id, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // An engine that stands still keeps its history, and no files.
        }
    }

    private async Task<bool> IsActiveAsync(string id, CancellationToken cancellationToken) =>
        await engine.GetAsync(id, cancellationToken).ConfigureAwait(false) is { IsActive: true };
}
