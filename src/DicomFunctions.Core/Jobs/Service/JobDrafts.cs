using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Creates drafts of jobs, and the specs they become, with this host's defaults and limits and for its server.</summary>
internal sealed class JobDrafts(
    JobStore jobStore, IObjectStore store, IOptions<JobOptions> options, DicomServer server, TimeProvider time, Random random)
{
    /// <param name="kind">The kind of job.</param>
    /// <param name="mayHavePatterns">Whether the inputs are sources that are yet to be expanded.</param>
    /// <param name="id">The job's id if the caller has chosen it, so that creating it again gives the same job; null for a new one.</param>
    /// <param name="key">The caller's key for the submission: see <see cref="IJobService.Draft"/>.</param>
    public JobDraft Create(JobKind kind, bool mayHavePatterns = false, string? id = null, string? key = null)
    {
        var files = new JobFiles(id ?? JobId.Create(time.GetUtcNow(), random));
        var (name, index) = mayHavePatterns ? (files.Given, null) : (files.Input, files.InputIndex);
        var inputs = new InputWriter(store, name, index, BlockId.NewExecution(random), options.Value.BlockSize);
        var keyHash = key is null ? null : JobClaim.HashOf(kind, key);
        return new JobDraft(this, store, jobStore, inputs, files, kind, mayHavePatterns, isShared: id is not null, keyHash);
    }

    /// <exception cref="RequestTooLargeException">A job of so many inputs can take no more.</exception>
    public void CheckCount(long count)
    {
        if (count >= options.Value.MaxInputs)
            throw new RequestTooLargeException($"A job has at most {options.Value.MaxInputs} inputs.");
    }

    /// <summary>The spec of a draft.</summary>
    public JobSpec ToSpec(string id, JobKind kind, long? inputs, JobSubmission submission) => new()
    {
        Id = id,
        Kind = kind,
        CreatedAt = time.GetUtcNow(),
        BufferSize = submission.BufferSize ?? options.Value.BufferSize,
        MaxWorkers = submission.MaxWorkers ?? options.Value.MaxWorkers,
        Destination = submission.Destination,
        IsBase64 = submission.IsBase64,
        Collapse = submission.Collapse,
        Then = submission.Then,
        RetrieveType = submission.RetrieveType,
        TransferSyntax = submission.TransferSyntax,
        Folder = submission.Folder,
        Inputs = inputs,
        RetryOf = submission.RetryOf,
        SubmittedBy = submission.SubmittedBy,
        Labels = submission.Labels,
        BaseUrl = server.IsRoot ? null : server.Address,
        ServiceRoot = server.IsRoot ? server.Address : null,
        Owner = submission.Owner,
    };
}
