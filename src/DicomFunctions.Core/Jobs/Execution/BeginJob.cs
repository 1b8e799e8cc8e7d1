using DicomFunctions.Core.Jobs.Expansion;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>
/// Begins to expand the sources of an upload if that is still to be done, and counts the inputs. <see cref="ExpandSources"/> continues if
/// that takes longer than a run.
/// </summary>
internal sealed class BeginJob(JobStore jobStore, IObjectStore store, SourceExpansion expansion, IOptions<JobOptions> options)
    : IActivity<string, JobPlan>
{
    public async Task<JobPlan> RunAsync(string input, CancellationToken cancellationToken)
    {
        var spec = await jobStore.GetSpecAsync(input, cancellationToken).ConfigureAwait(false);
        await RemoveResultsAsync(input, cancellationToken).ConfigureAwait(false);
        return spec.Inputs is { } inputs
            ? JobPlan.For(spec, inputs, options.Value)
            : await expansion.RunAsync(spec, at: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes the records of a job that starts over because its checkpoint was lost; the last part first, so that the parts left have no
    /// gaps. Reads the spec from the store, since another host may have resumed the job.
    /// </summary>
    private async Task RemoveResultsAsync(string id, CancellationToken cancellationToken)
    {
        if ((await jobStore.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false)).Content is not { ResumedAt: not null })
            return;
        var parts = await store.ListAsync(new JobFiles(id).Results, cancellationToken)
            .Select(part => part.Name).Reverse().ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var part in parts)
            await store.DeleteAsync(part, ifMatch: null, cancellationToken).ConfigureAwait(false);
    }
}
