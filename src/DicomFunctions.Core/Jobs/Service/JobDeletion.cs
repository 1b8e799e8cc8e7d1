using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// Removes jobs. The first step replaces <c>job.json</c> with a tombstone. From then on the job is gone, and whoever finds the tombstone
/// after a crash finishes the removal.
/// </summary>
internal sealed class JobDeletion(JobStore jobStore, IObjectStore store, IWorkflowEngine engine, TimeProvider time)
{
    /// <summary>More than an instance needs to end after its summary was written or it was terminated.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    /// <summary>Marks the job as deleted. False, with nothing done, if <c>job.json</c> no longer has this ETag.</summary>
    public async Task<bool> BeginAsync(string id, JobSpec? spec, string etag, bool withFiles, CancellationToken cancellationToken)
    {
        var tombstone = (spec ?? JobSpec.Unreadable(id)) with { DeletedAt = time.GetUtcNow(), DeletesFiles = withFiles };
        try
        {
            return await jobStore.WriteSpecAsync(tombstone, PutCondition.WhenUnchanged(etag), cancellationToken)
                .ConfigureAwait(false) is not null;
        }
        catch (ObjectStoreException)
        {
            // A full disk has no room for a tombstone, but deleting makes room. Without job.json it is no longer a job either.
            return await store.DeleteAsync(new JobFiles(id).Spec, etag, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Removes the rest of a deleted job: its instance, its files, and last the tombstone. What it retrieved is removed if the tombstone or
    /// the caller says so.
    /// </summary>
    public async Task FinishAsync(string id, CancellationToken cancellationToken, bool withFiles = false)
    {
        // A resume at the same time may have started an instance, which must not outlive its job.
        if (await IsActiveAsync(id, cancellationToken).ConfigureAwait(false))
        {
            var isEnded = await engine.TerminateAsync(id, "The job was deleted.", cancellationToken).ConfigureAwait(false);
            // Another process runs it and has to end it.
            if (!isEnded && await IsActiveAsync(id, cancellationToken).ConfigureAwait(false))
                return;
            await WaitForEndAsync(id, cancellationToken).ConfigureAwait(false);
        }

        await engine.PurgeAsync(id, cancellationToken).ConfigureAwait(false);
        var files = new JobFiles(id);
        if (withFiles || (await jobStore.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false)).Content is { DeletesFiles: true })
            await DeleteAllAsync(RetrievedPlaces.PrefixOf(id), except: null, cancellationToken).ConfigureAwait(false);
        await DeleteAllAsync(files.Prefix, except: files.Spec, cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(files.Spec, ifMatch: null, cancellationToken).ConfigureAwait(false);
        jobStore.Forget(id);
    }

    private async Task DeleteAllAsync(string prefix, string? except, CancellationToken cancellationToken)
    {
        await foreach (var file in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (file.Name != except)
                await store.DeleteAsync(file.Name, ifMatch: null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for an instance that is about to end, but not for one that hangs.</summary>
    public async Task WaitForEndAsync(string id, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(LongestEnd, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await engine.WaitAsync(id, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // An engine that hangs keeps the history, but no files.
        }
    }

    private async Task<bool> IsActiveAsync(string id, CancellationToken cancellationToken) =>
        await engine.GetAsync(id, cancellationToken).ConfigureAwait(false) is { IsActive: true };
}
