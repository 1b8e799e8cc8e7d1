using System.Text.Json;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs;

/// <summary>Reads and writes the claims of jobs to the keys they were submitted with.</summary>
internal sealed class JobClaims(IObjectStore store, TimeProvider time)
{
    /// <summary>
    /// Gives a key to a job. False if the key belongs to a job already, or no longer has the claim that was to be replaced.
    /// </summary>
    /// <param name="spec">A job that was submitted with a key.</param>
    /// <param name="takenAt">See <see cref="JobClaim.TakenAt"/>.</param>
    /// <param name="replaced">The ETag of the claim to replace; null if the key must be free.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public async Task<bool> TryWriteAsync(JobSpec spec, DateTimeOffset takenAt, string? replaced, CancellationToken cancellationToken)
    {
        var claim = new JobClaim { JobId = spec.Id, BodyHash = spec.BodyHash!, TakenAt = takenAt };
        var condition = replaced is null ? PutCondition.WhenAbsent : PutCondition.WhenUnchanged(replaced);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(claim, JobJson.Default.JobClaim), writable: false);
        var name = JobClaim.NameOf(spec.KeyHash!);
        return await store.PutAsync(name, content, condition, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>The claim on a key, null if it cannot be understood, and its ETag, null if the key is free.</summary>
    public async Task<(JobClaim? Claim, string? ETag)> FindAsync(string keyHash, CancellationToken cancellationToken)
    {
        var name = JobClaim.NameOf(keyHash);
        while (await store.GetPropertiesAsync(name, cancellationToken).ConfigureAwait(false) is { } found)
        {
            try
            {
                var content = await store.OpenReadAsync(name, ObjectRange.All, found.ETag, cancellationToken).ConfigureAwait(false);
                if (content is null)
                    continue;
                await using (content.ConfigureAwait(false))
                {
                    var claim = await JsonSerializer.DeserializeAsync(content, JobJson.Default.JobClaim, cancellationToken)
                        .ConfigureAwait(false);
                    return (JobId.IsValid(claim?.JobId) ? claim : null, found.ETag);
                }
            }
            catch (ObjectChangedException)
            {
                // Another job has taken the key in the meantime.
            }
            catch (JsonException)
            {
                return (null, found.ETag);
            }
        }

        return (null, null);
    }

    /// <summary>
    /// Whether a job that no engine knows may be started: whether it has its key, if it was submitted with one. A job that never took its
    /// key, because its host died first, takes it now if it is free.
    /// </summary>
    public async Task<bool> MayStartAsync(JobSpec spec, CancellationToken cancellationToken) =>
        spec.KeyHash is null
        || await TryWriteAsync(spec, time.GetUtcNow(), replaced: null, cancellationToken).ConfigureAwait(false)
        || (await FindAsync(spec.KeyHash, cancellationToken).ConfigureAwait(false)).Claim?.JobId == spec.Id;

    /// <summary>
    /// Whether a job that no engine knows was never started, because its key belongs to another job. A claim is replaced only after its
    /// lifetime, or once its job is gone. So if another job took the key within a day of this job's acceptance, this job never had it.
    /// </summary>
    public async Task<bool> IsLostAsync(JobSpec spec, CancellationToken cancellationToken) =>
        spec.KeyHash is not null
        && (await FindAsync(spec.KeyHash, cancellationToken).ConfigureAwait(false)).Claim is { } claim
        && claim.JobId != spec.Id
        && claim.Holds(spec.CreatedAt);

    /// <summary>Removes claims whose keys are free for certain, whoever's clock is asked.</summary>
    public async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - (2 * JobClaim.Lifetime);
        await foreach (var claim in store.ListAsync(JobClaim.Root + "/", cancellationToken).ConfigureAwait(false))
        {
            if (claim.LastModified < before)
                await store.DeleteAsync(claim.Name, claim.ETag, cancellationToken).ConfigureAwait(false);
        }
    }
}
